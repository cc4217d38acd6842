import { css } from 'lit';

/** The progress bar, the figures and the facts of an alert. */
export const reportStyles = css`
  .gauge {
    display: block;
    block-size: 4px;
    border-radius: 2px;
    background: var(--paper-3);
    overflow: hidden;
  }
  .item .gauge {
    margin-block-start: 7px;
  }
  .gauge i {
    display: block;
    block-size: 100%;
    background: var(--accent);
  }
  @media (prefers-reduced-motion: no-preference) {
    .gauge i {
      transition: inline-size 0.3s;
    }
  }

  .alerts .focus b {
    font-weight: 700;
    overflow-wrap: anywhere;
  }
  .alerts .focus .user-text {
    font-size: 17px;
  }
  .lead {
    font: 700 17px/1.4 var(--ui);
    margin: 20px 0 4px;
    font-variant-numeric: tabular-nums;
  }
  .lead + .more {
    margin: 0;
    font-size: 14px;
    color: var(--ink-2);
  }
  .body > .gauge {
    block-size: 6px;
    max-inline-size: 460px;
    margin-block: 10px 4px;
  }
  .figures,
  .facts {
    display: grid;
    gap: 6px 20px;
    margin: 18px 0 0;
    font-size: 15px;
  }
  .figures {
    grid-template-columns: minmax(0, 1fr) auto;
    max-inline-size: 460px;
  }
  .figures dd {
    margin: 0;
    text-align: end;
    font-variant-numeric: tabular-nums;
    font-weight: 600;
  }
  .figures .none {
    color: var(--ink-3);
    font-weight: 400;
  }
  .figures .failed,
  .figures .expired {
    color: var(--warn);
  }
  .figures dt.targeted,
  .figures dd.targeted {
    border-block-start: 1px solid var(--line);
    margin-inline-end: -20px;
    padding-block-start: 6px;
  }
  .figures dd.targeted {
    margin-inline-end: 0;
  }
  .facts {
    grid-template-columns: max-content minmax(0, 1fr);
    border-block-start: 1px solid var(--line);
    padding-block-start: 16px;
    margin-block-start: 24px;
    font-size: 14px;
    color: var(--ink-3);
  }
  .facts dd {
    margin: 0;
    color: var(--ink);
    overflow-wrap: anywhere;
  }
`;
