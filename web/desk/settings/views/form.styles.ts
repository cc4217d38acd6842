import { css } from 'lit';

/** The form that is made from a schema: fields, lists of entries, parts within parts. */
export const formStyles = css`
  .setting {
    display: grid;
    gap: 14px;
    max-inline-size: 620px;
  }
  .setting fieldset {
    display: grid;
    gap: 12px;
    min-inline-size: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  .setting .field {
    display: grid;
    gap: 5px;
    min-inline-size: 0;
  }
  .setting legend,
  .setting label[for] {
    padding: 0;
    font: 600 14px/1.4 var(--ui);
    color: var(--ink-2);
  }
  .setting legend {
    margin-block-end: 6px;
  }
  .setting :is(input:not([type='checkbox'], [type='color']), textarea) {
    inline-size: 100%;
  }
  .setting .row > input:not([type='color']) {
    flex: 1;
    min-inline-size: 0;
  }
  .setting .row > .number:not([type='color'], [type='checkbox']) {
    flex: none;
    inline-size: 10em;
  }
  .setting [type='color'] {
    inline-size: 44px;
    block-size: 42px;
    padding: 4px;
  }
  .setting select {
    justify-self: start;
    min-inline-size: 12em;
  }
  .setting textarea {
    resize: vertical;
    field-sizing: content;
    min-block-size: 5.2em;
    max-block-size: 24em;
  }
  .setting p:empty {
    display: none;
  }
  .setting > .fault {
    font-size: 14px;
  }
  .setting .collection ol {
    display: grid;
    gap: 12px;
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .setting .collection ol:empty {
    display: none;
  }
  .setting .entry-of {
    display: grid;
    gap: 10px;
    padding: 12px 14px 6px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  .setting .parts.parts:not(.top) .parts,
  .setting .optional > .parts,
  .setting .optional > .collection {
    padding-inline-start: 14px;
    border-inline-start: 2px solid var(--line);
  }
  .setting .optional {
    display: grid;
    gap: 10px;
  }
  .setting .tools {
    justify-content: flex-end;
  }
  .setting .add {
    justify-self: start;
    font-size: 14px;
    padding: 6px 12px;
  }
  .setting .reason {
    margin-block-start: 4px;
    padding-block-start: 14px;
    border-block-start: 1px solid var(--line);
  }
`;
