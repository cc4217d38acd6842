import { css } from 'lit';
import { tokens } from './tokens.js';

/** Adds the design tokens to the document, from which the elements inherit them. */
export function adoptTokens(): void {
  if (tokens.styleSheet) document.adoptedStyleSheets = [...document.adoptedStyleSheets, tokens.styleSheet];
}

/** A card in the middle of the page, as for the sign-in form. */
export const sheet = css`
  .sheet {
    box-sizing: border-box;
    inline-size: min(440px, 100% - 32px);
    margin: 0 auto;
    padding: clamp(28px, 12vh, 120px) 0 48px;
  }
  .sheet > .card {
    background: var(--paper);
    border: 1px solid var(--line);
    border-block-start: 3px solid var(--accent);
    border-radius: 0 0 var(--radius) var(--radius);
    padding: 28px clamp(18px, 5vw, 32px) 32px;
  }
  .sheet h1 {
    font: 700 28px/1.2 var(--read);
    letter-spacing: -0.01em;
    margin: 0 0 8px;
    text-wrap: balance;
  }
  .sheet h1:focus {
    outline: none;
  }
  .sheet p {
    margin: 0 0 18px;
    color: var(--ink-2);
    overflow-wrap: anywhere;
  }
  .sheet .big {
    display: block;
    inline-size: 100%;
    box-sizing: border-box;
    padding: 12px 16px;
    text-align: center;
    white-space: normal;
  }
  .sheet a.big {
    font-weight: 600;
    text-decoration: none;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    margin-block-start: 10px;
  }
  .sheet a.big.primary {
    border-color: var(--accent);
  }
  .sheet .small {
    font-size: 14px;
    color: var(--ink-3);
    margin: 18px 0 0;
  }
  .sheet .small .quiet {
    margin-inline-start: -6px;
  }
`;
