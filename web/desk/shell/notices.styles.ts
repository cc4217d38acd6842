import { css } from 'lit';

export const noticeStyles = css`
  .notices:empty {
    display: none;
  }
  .notices p {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: start;
    gap: 0 8px;
    margin: 0 0 10px;
    font-size: 14px;
    color: var(--ink-2);
    overflow-wrap: anywhere;
  }
  .notices .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-block-start: 6px;
    grid-column: 1 / -1;
  }
  .notices .warn {
    color: var(--warn);
  }
  .notices .good {
    color: var(--good);
  }
  .notices button {
    font-size: 14px;
    padding: 5px 10px;
  }
  .notices button.quiet {
    padding: 0 8px;
  }
`;
