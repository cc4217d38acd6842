import { css, type CSSResultGroup } from 'lit';
import { composeStyles } from './compose.styles.js';
import { previewStyles } from './preview.styles.js';
import { reportStyles } from './report.styles.js';

/** The list, the heading and the buttons. */
const pageStyles = css`
  .alerts .write {
    margin-inline-start: auto;
    font: 600 14px/1.5 var(--ui);
    color: var(--accent);
    text-decoration: none;
    white-space: nowrap;
  }
  .alerts .write:hover {
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .alerts small b {
    font-weight: 600;
    color: var(--ink-2);
  }
  .alerts small b.sending {
    color: var(--accent);
  }
  .alerts small b.sent {
    color: var(--good);
  }
  .alerts small b.draft,
  .alerts small b.cancelled {
    color: var(--warn);
  }
  .alerts .excerpt {
    margin-block-end: 2px;
  }
  .result {
    display: block;
    font-size: 13px;
    color: var(--ink-3);
    font-variant-numeric: tabular-nums;
  }
  .entry.alerts:focus {
    outline: none;
    border-radius: 0;
  }
  .entry > header .draft {
    margin-inline-start: auto;
    font-size: 13px;
    color: var(--ink-3);
    white-space: nowrap;
  }

  .foot .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .foot .bar.held {
    margin-block-end: 12px;
  }
  .foot .bar button {
    white-space: normal;
  }
  .foot .end {
    margin-inline-start: auto;
    color: var(--ink-3);
  }
  .foot .countdown {
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    inline-size: 100%;
  }
  .foot .note {
    font-size: 14px;
    color: var(--ink-3);
  }
  .foot button[aria-disabled='true'] {
    opacity: 0.55;
    cursor: default;
  }

  @media (min-width: 1161px) {
    .entry.alerts:not(.bare) {
      grid-template-columns: minmax(0, 1fr) 300px;
    }
  }
  @media (max-width: 760px) {
    .entry > header .draft {
      white-space: normal;
      text-align: end;
    }
  }
  @media (hover: none) {
    .foot kbd,
    .alerts kbd {
      display: none;
    }
    .foot .bar button:not(.quiet) {
      min-block-size: 46px;
    }
    .foot .bar .quiet {
      min-block-size: 40px;
    }
  }
`;

/** The alerts page: the form or the report, and beside it a preview of the notification. */
export const alertStyles: CSSResultGroup = [pageStyles, composeStyles, reportStyles, previewStyles];
