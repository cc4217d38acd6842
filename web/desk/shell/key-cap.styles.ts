import { css } from 'lit';

/** A key, as buttons and the list of keys show it. */
export const keyCap = css`
  kbd {
    display: inline-block;
    unicode-bidi: isolate;
    font: 600 12px/1.4 var(--ui);
    border: 1px solid currentColor;
    border-radius: 4px;
    padding: 0 5px;
    opacity: 0.9;
  }
  :is(button, a) > kbd {
    margin-inline-start: 7px;
  }
`;
