import { css } from 'lit';

export const authorStyles = css`
  aside .name {
    font: 700 19px/1.3 var(--read);
    display: block;
    overflow-wrap: anywhere;
  }
  .since {
    color: var(--ink-2);
    display: flex;
    flex-wrap: wrap;
    gap: 4px 8px;
    align-items: baseline;
  }
  aside p {
    color: var(--ink-2);
    margin: 8px 0;
  }
  aside .banned {
    color: var(--warn);
  }
  aside dl {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 4px 8px;
    margin: 12px 0;
    color: var(--ink-2);
  }
  aside dd {
    margin: 0;
    color: var(--ink);
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  aside .some {
    font-weight: 700;
  }

  @media (max-width: 1160px) {
    aside dl {
      max-inline-size: 200px;
    }
  }
`;
