import { css } from 'lit';

/** The versions of a setting, with the lines that each has taken out and put in. */
export const historyStyles = css`
  .versions {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .versions li {
    padding-block: 10px 12px;
    border-block-start: 1px solid var(--line);
  }
  .versions p {
    margin: 0 0 4px;
  }
  .versions .who time,
  .versions .why {
    color: var(--ink-3);
  }
  .versions .why {
    font-style: italic;
    overflow-wrap: anywhere;
  }
  .diff {
    display: grid;
    gap: 2px;
    margin-block-end: 4px;
    overflow-wrap: anywhere;
  }
  .diff .removed,
  .diff .added {
    display: grid;
    grid-template-columns: 14px minmax(0, 1fr);
    white-space: pre-wrap;
  }
  .diff .removed {
    color: var(--ink-3);
  }
  .diff .removed::before {
    content: '−' / '';
  }
  .diff .added::before {
    content: '+' / '';
    color: var(--good);
  }
  .versions .again {
    margin-inline-start: -6px;
    color: var(--accent);
  }
`;
