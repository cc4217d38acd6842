import { css } from 'lit';

export const logStyles = css`
  .filters {
    display: flex;
    flex-wrap: wrap;
    gap: 2px;
    inline-size: 100%;
    margin-inline-start: -6px;
  }
  .filters [aria-pressed='true'] {
    color: var(--ink);
    font-weight: 700;
    box-shadow: inset 0 -2px var(--accent);
    border-radius: 0;
  }
  .decision {
    position: relative;
  }
  .decision .by {
    display: block;
    font-size: 13px;
    color: var(--ink-3);
    overflow-wrap: anywhere;
  }
  .decision .excerpt {
    margin-block-end: 4px;
  }
  .decision small b {
    font-weight: 600;
    color: var(--ink-2);
  }
  .decision small b.remove {
    color: var(--accent);
  }
  .decision small b.restore {
    color: var(--good);
  }
  .restore:is(button) {
    position: absolute;
    inset-block-end: 8px;
    inset-inline-end: 10px;
    color: var(--accent);
    background: var(--paper);
  }
  .decision:has(.restore:is(button)) .by:last-of-type {
    padding-inline-end: 76px;
  }
  .item[aria-current] + .restore {
    background: var(--accent-soft);
  }

  @media (min-width: 1161px) {
    .desk.decisions {
      grid-template-columns: 190px 380px minmax(0, 1fr);
    }
  }
`;
