import { css } from 'lit';

export const reportedStyles = css`
  .why {
    font-size: 13px;
    color: var(--warn);
  }
  .not-saved {
    font: 600 12px var(--ui);
    color: var(--accent);
    margin-inline-start: 8px;
  }
  .list .show-more {
    margin: 10px;
  }
  .stale {
    margin: 0;
    padding: 6px 16px;
    font-size: 13px;
    color: var(--warn);
    background: var(--paper-2);
    border-block-end: 1px solid var(--line);
  }
`;
