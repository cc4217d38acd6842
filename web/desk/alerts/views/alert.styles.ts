import { css, type CSSResultGroup } from 'lit';
import { composeStyles } from './compose.styles.js';
import { looksStyles } from './looks.styles.js';
import { reportStyles } from './report.styles.js';

/** The list, the frame and the bar of buttons. */
const roomStyles = css`
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
  .became {
    display: block;
    font-size: 13px;
    color: var(--ink-3);
    font-variant-numeric: tabular-nums;
  }
  .one.alert:focus {
    outline: none;
    border-radius: 0;
  }
  .one > header .kept {
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
  .foot .hold {
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    inline-size: 100%;
  }
  .foot .said {
    font-size: 14px;
    color: var(--ink-3);
  }
  .foot button[aria-disabled='true'] {
    opacity: 0.55;
    cursor: default;
  }

  @media (min-width: 1161px) {
    .one.alert:not(.bare) {
      grid-template-columns: minmax(0, 1fr) 300px;
    }
  }
  @media (max-width: 760px) {
    .one > header .kept {
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

/** The room of alerts: the form or the report in the middle, and beside it how the notification looks. */
export const alertStyles: CSSResultGroup = [roomStyles, composeStyles, reportStyles, looksStyles];
