import { css } from 'lit';

export const caseStyles = css`
  .context {
    border-inline-start: 2px solid var(--line);
    padding-inline-start: 16px;
    margin-block-end: 14px;
    color: var(--ink-2);
    font: 15px/1.5 var(--read);
  }
  .context b {
    font-weight: 700;
  }
  .focus {
    border-inline-start: 3px solid var(--accent);
    padding-inline-start: 15px;
    margin-block-end: 14px;
    font: 19px/1.55 var(--read);
  }
  .byline {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 8px;
    align-items: baseline;
  }
  .byline time,
  .byline > span:not(.tag) {
    font: 13px var(--ui);
    color: var(--ink-3);
  }
  .status {
    font: 14px/1.5 var(--ui);
    color: var(--warn);
    margin: 0 0 4px;
  }
  .changed {
    font: 14px/1.5 var(--ui);
    color: var(--warn);
    margin-block-start: 8px;
  }
  .changed p {
    margin: 0;
  }
  .changed summary {
    cursor: pointer;
    color: var(--ink-2);
  }
  .changed .user-text {
    font: 15px/1.5 var(--read);
    color: var(--ink-2);
    padding: 6px 0 0 16px;
  }
  .replies {
    margin-inline-start: 18px;
  }
  .replies .more,
  .unfold {
    color: var(--ink-3);
    font-size: 14px;
    margin: 0 0 14px;
  }
  .unfold {
    margin-inline-start: -6px;
  }
  .reports {
    margin-block-start: 22px;
    border-block-start: 1px solid var(--line);
    padding-block-start: 14px;
    color: var(--ink-2);
  }
  .reports h2 {
    font: 600 14px/1.5 var(--ui);
    color: var(--ink-2);
    margin: 0 0 6px;
  }
  .reports p {
    margin: 0;
    color: var(--ink-3);
  }
  .reports ul {
    list-style: none;
    margin: 0 0 18px;
    padding: 0;
  }
  .reports li {
    margin: 0 0 8px;
    overflow-wrap: anywhere;
  }
  .reports li b {
    color: var(--ink);
    font-weight: 600;
    margin-inline-end: 4px;
  }
  .reports small {
    display: block;
    font-size: 13px;
    color: var(--ink-3);
  }

  @media (max-width: 760px) {
    .focus {
      font-size: 18px;
    }
  }
`;
