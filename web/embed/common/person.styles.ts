import { css, unsafeCSS } from 'lit';

/** A hue for each first digit of an id. */
const hues = unsafeCSS(Array.from({ length: 16 }, (_it, n) => `.h${n.toString(16)}{--h:${n * 23}}`).join(''));

/** The styles that thread and feed share: the author, the text, and the button for new comments. */
export const personStyles = css`
  .who {
    display: flex;
    gap: 2px 8px;
    align-items: center;
    flex-wrap: wrap;
    font-size: 14px;
  }
  .who b {
    font-size: 15px;
  }
  .who b,
  .when {
    overflow-wrap: anywhere;
    min-inline-size: 0;
    max-inline-size: 100%;
    overflow: hidden;
  }
  ${hues}
  .av {
    inline-size: 26px;
    block-size: 26px;
    border-radius: 50%;
    background: hsl(var(--h, 0) 45% 55% / 28%);
    color: var(--ink-2);
    font: 600 11px/26px var(--ui);
    text-align: center;
    flex: none;
    overflow: hidden;
  }
  .when {
    color: var(--ink-3);
    text-decoration: none;
  }
  a.when:hover {
    text-decoration: underline;
  }
  /* What is drawn can be wider and higher than its characters suggest. */
  .text {
    overflow: hidden;
    max-block-size: 40em;
  }
  .text[data-all],
  .text:focus-within {
    max-block-size: none;
  }
  @media print {
    .text {
      max-block-size: none;
    }
  }
  .show-all {
    display: none;
  }
  .text[data-cut] + .show-all {
    display: block;
  }
  .text p {
    font: 17px/1.55 var(--read);
    margin: 6px 0 4px;
    max-inline-size: var(--measure);
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }
  .text span {
    white-space: pre-wrap;
    tab-size: 4;
  }
  .text a {
    color: var(--accent);
  }
  .pill {
    pointer-events: auto;
    border-radius: 99px;
    padding: 7px 16px;
    font-size: 14px;
    background: var(--ink);
    color: var(--paper);
    border-color: var(--ink);
  }
  /* The row is always there, so that nothing moves when the button appears. */
  .pill-row {
    position: sticky;
    inset-block-start: 10px;
    z-index: 2;
    block-size: 44px;
    margin-block-start: -4px;
    display: grid;
    place-items: center;
    pointer-events: none;
  }
`;
