import { css } from 'lit';

/** Draws the appeal as one sheet within the story, with rows of choices and one button. */
export const donateStyles = css`
  :host {
    container-type: inline-size;
  }
  .appeal {
    background: var(--paper-2);
    border-block-start: 3px solid var(--accent);
    border-end-start-radius: var(--radius);
    border-end-end-radius: var(--radius);
    padding: 22px 22px 20px;
  }
  /* A sentence keeps its own direction; its alignment follows the page. */
  .appeal :is(h2, p, span) {
    unicode-bidi: plaintext;
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }
  .away {
    border-block-start: 1px solid var(--line);
    background: none;
    padding-inline: 0;
  }
  .away > p {
    margin: 0 0 4px;
  }
  h2 {
    font: 700 23px/1.25 var(--read);
    margin: 0 0 8px;
    text-wrap: balance;
  }
  .text {
    font: 17px/1.55 var(--read);
    margin: 0 0 18px;
    color: var(--ink-2);
    white-space: pre-line;
    text-wrap: pretty;
  }
  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin: 0 0 10px;
    padding: 0;
    border: 0;
    min-inline-size: 0;
  }
  .seg {
    position: relative;
    flex: 1 1 0;
    display: grid;
    cursor: pointer;
  }
  .seg input {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  .appeal .seg span {
    display: grid;
    place-items: center;
    min-block-size: 46px;
    padding: 6px;
    font: 600 15px/1.3 var(--ui);
    font-variant-numeric: tabular-nums;
    text-align: center;
    background: var(--paper);
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  .seg:hover span {
    border-color: var(--ink-3);
  }
  .seg :checked + span {
    border-color: var(--accent);
    background: var(--accent-soft);
    box-shadow: inset 0 0 0 1px var(--accent);
  }
  .seg :focus-visible + span {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }
  .own {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 10px;
    margin: 0 0 12px;
  }
  .own label {
    display: flex;
    align-items: center;
    gap: 8px;
    font-weight: 600;
  }
  .own input {
    inline-size: 9em;
    font-variant-numeric: tabular-nums;
  }
  .hint {
    font-size: 14px;
    color: var(--ink-2);
  }
  .wrong {
    color: var(--accent);
  }
  .badge {
    display: flex;
    gap: 8px;
    align-items: baseline;
    margin: 4px 0 14px;
    font-size: 14px;
    color: var(--ink-2);
  }
  .badge input {
    translate: 0 1px;
    margin: 0;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 14px;
    margin-block-start: 16px;
    font-size: 14px;
    color: var(--ink-2);
  }
  .give {
    min-block-size: 46px;
    min-inline-size: 11em;
    padding-inline: 20px;
    white-space: normal;
  }
  .problem {
    margin: 10px 0 0;
    color: var(--accent);
  }
  .problem:empty {
    display: none;
  }
  .small {
    margin: 14px 0 0;
    font-size: 13px;
    line-height: 1.5;
    color: var(--ink-3);
    text-wrap: pretty;
  }
  .rehearsal {
    color: var(--warn);
  }
  .country {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
    margin: 12px 0 0;
    font-size: 13px;
    color: var(--ink-3);
  }
  .country select {
    font: 13px/1.3 var(--ui);
    padding: 5px 6px;
    max-inline-size: 15em;
  }
  /* iOS zooms in at smaller fields. */
  @media (pointer: coarse) {
    .country select {
      font-size: 16px;
    }
  }
  .appeal .state {
    padding: 0;
  }
  form[aria-busy='true'] {
    opacity: 0.6;
  }
  /* The same form is drawn empty before the words are known, so that nothing moves when they arrive. */
  .hold .appeal * {
    color: transparent !important;
    border-color: transparent !important;
    box-shadow: none !important;
  }
  .hold h2 span,
  .hold .text span,
  .hold .small span,
  .hold .row span,
  .hold .seg span,
  .hold .give,
  .hold select {
    background: var(--paper-3) !important;
    border-radius: 4px;
    box-decoration-break: clone;
  }
  @container (inline-size < 460px) {
    .appeal {
      padding-inline: 16px;
    }
    .much .seg {
      flex: 1 0 28%;
    }
    .give {
      inline-size: 100%;
    }
  }
  @media (forced-colors: active) {
    .seg :checked + span {
      outline: 3px solid Highlight;
    }
    /* Forced colours would show the placeholder words. */
    .hold {
      visibility: hidden;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .hold {
      animation: breathe 1.6s ease-in-out infinite alternate;
    }
    @keyframes breathe {
      to {
        opacity: 0.55;
      }
    }
  }
`;
