import { css } from 'lit';

/** The form: its fields, their errors, and the size of the alert. */
export const composeStyles = css`
  .compose {
    display: grid;
    gap: 14px;
    max-inline-size: 620px;
  }
  .compose .field,
  .compose fieldset {
    display: grid;
    gap: 5px;
    min-inline-size: 0;
  }
  .compose label[for],
  .compose legend {
    font: 600 14px/1.4 var(--ui);
    color: var(--ink-2);
    padding: 0;
  }
  .compose fieldset {
    border: 0;
    margin: 0;
    padding: 0;
  }
  .compose legend {
    margin-block-end: 6px;
  }
  .compose :is(input:not([type='radio']), textarea, select) {
    inline-size: 100%;
  }
  .compose select {
    inline-size: auto;
    min-inline-size: 12em;
    justify-self: start;
  }
  .compose .headline {
    font: 700 18px/1.4 var(--read);
  }
  .compose textarea {
    font: 17px/1.5 var(--read);
    resize: vertical;
    field-sizing: content;
    min-block-size: 5.2em;
    max-block-size: 16em;
  }
  .compose p {
    margin: 0;
    font-size: 13px;
    line-height: 1.4;
    color: var(--ink-3);
  }
  .compose p:empty {
    display: none;
  }
  .compose .fault {
    color: var(--accent);
  }
  .compose > .fault {
    font-size: 14px;
  }
  .choice {
    display: flex;
    gap: 9px;
    align-items: baseline;
    padding-block: 2px;
    cursor: pointer;
  }
  .choice input {
    inline-size: 16px;
    block-size: 16px;
    margin: 0;
    flex: none;
    transform: translateY(2px);
  }
  .choice small {
    font-size: 13px;
    color: var(--ink-3);
    margin-inline-start: 8px;
  }
  .size {
    display: grid;
    grid-template-columns: 90px auto;
    gap: 4px 10px;
    align-items: center;
    justify-content: start;
    margin-block-start: -6px;
    font-size: 13px;
    color: var(--ink-3);
    font-variant-numeric: tabular-nums;
  }
  .size .gauge i {
    background: var(--ink-3);
  }
  .size.over {
    color: var(--accent);
  }
  .size.over .gauge i {
    background: var(--accent);
  }
  .size p {
    grid-column: 1 / -1;
  }

  @media (max-width: 760px) {
    .choice small {
      display: block;
      margin: 0;
    }
  }
`;
