import { css } from 'lit';

/** Draws the field to write in. */
export const composerStyles = css`
  textarea {
    display: block;
    inline-size: 100%;
    min-block-size: 48px;
    max-block-size: 60vh;
    padding: 11px 14px;
    font: 17px/1.5 var(--read);
    resize: none;
    field-sizing: content;
    overflow-wrap: anywhere;
  }
  .open textarea {
    min-block-size: 104px;
    resize: vertical;
  }
  textarea:focus-visible {
    outline-offset: 0;
  }
  .row {
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    gap: 8px;
    margin-block-start: 8px;
  }
  .left {
    margin-inline-start: auto;
    font-size: 13px;
    color: var(--ink-2);
  }
  .problem {
    margin: 6px 0 0;
    font-size: 14px;
    color: var(--accent);
  }
  .problem:empty {
    display: none;
  }
`;
