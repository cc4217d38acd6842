import { css, type CSSResultGroup } from 'lit';
import { formStyles } from './form.styles.js';
import { historyStyles } from './history.styles.js';

/** The list, the help, the history and the buttons. */
const pageStyles = css`
  .list.settings > header {
    gap: 8px 10px;
  }
  .settings .sites {
    display: flex;
    flex: 1;
    flex-wrap: wrap;
    justify-content: flex-end;
    align-items: center;
    gap: 4px 8px;
    min-inline-size: 0;
  }
  .settings .sites select {
    font-size: 14px;
    padding: 4px 8px;
    min-inline-size: 0;
  }
  .settings .sites .quiet {
    color: var(--accent);
  }
  .settings .search,
  .settings .new-site {
    inline-size: 100%;
  }
  .settings .search {
    font-size: 15px;
    padding: 6px 10px;
  }
  .new-site {
    display: grid;
    gap: 6px;
    font-size: 14px;
  }
  .new-site label {
    font-weight: 600;
    color: var(--ink-2);
  }
  .settings .row {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .settings .hint,
  .settings .fault {
    margin: 0;
    font-size: 13px;
    line-height: 1.4;
    color: var(--ink-3);
  }
  .settings .fault {
    color: var(--accent);
  }
  .settings .group {
    position: sticky;
    inset-block-start: 0;
    margin: 0;
    padding: 9px 16px 7px;
    font: 600 13px/1.4 var(--ui);
    color: var(--ink-2);
    background: var(--paper-2);
    border-block-end: 1px solid var(--line);
  }
  .settings .item {
    padding-block: 9px;
  }
  .settings .name {
    display: flex;
    justify-content: space-between;
    align-items: baseline;
    gap: 10px;
    font-weight: 600;
    font-size: 15px;
  }
  .settings .name i {
    flex: none;
    font: 500 12px/1.5 var(--ui);
    color: var(--accent);
  }
  .settings .name .unsaved {
    color: var(--warn);
  }
  .settings .value {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 14px;
    color: var(--ink-3);
  }
  .entry.settings:focus {
    outline: none;
    border-radius: 0;
  }
  .entry > header .place {
    margin-inline-start: auto;
    font-size: 13px;
    color: var(--ink-3);
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .settings .help {
    margin: 0 0 4px;
    font: 17px/1.5 var(--read);
  }
  .settings .from,
  .settings .only {
    margin: 0 0 20px;
    font-size: 14px;
    color: var(--ink-3);
  }
  .settings .only {
    color: var(--ink-2);
    border-inline-start: 3px solid var(--line);
    padding-inline-start: 12px;
  }
  .settings :is(.body, aside) h3 {
    margin: 0 0 8px;
    font: 600 13px/1.5 var(--ui);
    color: var(--ink-3);
  }
  .lines {
    max-block-size: 40em;
    overflow: hidden auto;
    white-space: pre-wrap;
  }
  .lines div:empty {
    min-block-size: 1.5em;
  }
  .conflict {
    margin-block-end: 20px;
    padding: 12px 14px;
    border: 1px solid var(--line);
    border-inline-start: 3px solid var(--warn);
    border-radius: var(--radius);
    background: var(--paper-2);
  }
  .conflict p {
    margin: 0 0 6px;
  }
  .conflict .row {
    margin: 12px 0 0;
  }
  @media (min-width: 1161px) {
    .entry.settings:not(.bare) {
      grid-template-columns: minmax(0, 1fr) 300px;
    }
  }
  @media (max-width: 760px) {
    .settings .sites {
      justify-content: space-between;
    }
    .entry > header .place {
      display: none;
    }
  }
`;

export const settingStyles: CSSResultGroup = [pageStyles, formStyles, historyStyles];
