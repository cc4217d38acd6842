import { css } from 'lit';

/**
 * The styles that every element and page shares beside the tokens: type, buttons, fields, focus, tags. A publisher's
 * styles end at `.root` (web/embed/common/isolated-element.ts). The publisher's page still sets language and direction,
 * and whether the element is visible and can be pressed, as in a closed drawer.
 */
export const controls = css`
  .root {
    all: initial;
    -webkit-locale: inherit;
    visibility: inherit;
    pointer-events: inherit;
    color-scheme: var(--scheme);
    -webkit-user-select: text;
    user-select: text;
  }
  :host,
  .root {
    display: block;
    font: 15px/1.5 var(--ui);
    color: var(--ink);
    -webkit-text-size-adjust: 100%;
    text-size-adjust: 100%;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
    border-radius: var(--radius);
  }
  a {
    color: inherit;
    text-underline-offset: 2px;
  }
  button {
    font: 600 15px/1.3 var(--ui);
    color: var(--ink);
    background: var(--paper);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    padding: 9px 14px;
    white-space: nowrap;
    cursor: pointer;
  }
  button:hover {
    border-color: var(--ink-3);
  }
  button[aria-disabled='true'],
  button:disabled {
    opacity: 0.55;
    cursor: default;
  }
  .primary {
    color: var(--accent-ink);
    background: var(--accent);
    border-color: var(--accent);
  }
  .primary:hover {
    border-color: var(--accent);
    filter: brightness(1.08);
  }
  .quiet {
    border: 0;
    background: none;
    padding: 4px 6px;
    font-weight: 500;
    font-size: 14px;
    color: var(--ink-2);
  }
  .quiet:hover {
    color: var(--ink);
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  input,
  textarea,
  select {
    font: 16px/1.4 var(--ui);
    color: var(--ink);
    background: var(--paper);
    border: 1px solid var(--edge);
    border-radius: var(--radius);
    padding: 9px 11px;
    max-width: 100%;
  }
  input {
    accent-color: var(--accent);
  }
  input::placeholder,
  textarea::placeholder {
    color: var(--ink-3);
    opacity: 1;
  }
  [aria-invalid='true'] {
    border-color: var(--accent);
  }
  .tag {
    font: 600 11.5px/1.5 var(--ui);
    padding: 1px 7px;
    border-radius: 99px;
    border: 1px solid var(--line);
    color: var(--ink-2);
    white-space: nowrap;
  }
  .tag.staff {
    background: var(--ink);
    border-color: var(--ink);
    color: var(--paper);
  }
  .tag.supporter {
    color: var(--accent);
    border-color: currentColor;
  }
  .sr {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  /* Paper has nothing to press. */
  @media print {
    button:not(.name),
    select,
    textarea {
      display: none;
    }
  }
  /* Room for a finger. */
  @media (pointer: coarse) {
    button,
    select,
    .tap {
      min-block-size: 44px;
    }
    .quiet {
      min-inline-size: 44px;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    button,
    a {
      transition:
        color 0.12s,
        border-color 0.12s,
        background-color 0.12s;
    }
  }
`;
