import { css } from 'lit';

// Every element and page takes its colours and typefaces from here. A publisher may set the
// --rostra-* properties on the page; an element's data-theme ("light" or "dark") overrules the reader's system.

const light = css`
  --paper: var(--rostra-paper, #ffffff);
  --paper-2: #f7f5f0;
  --paper-3: #efebe3;
  --ink: #1c1a17;
  --ink-2: #5c574d;
  --ink-3: #6f695e;
  --line: #e4dfd5;
  --accent: var(--rostra-accent, #96182b);
  --accent-ink: var(--rostra-accent-ink, #ffffff);
  --good: #1d6b47;
  --warn: #8a5600;
  --focus: #1558b0;
`;

const dark = css`
  --scheme: dark;
  --paper: var(--rostra-paper-dark, #151412);
  --paper-2: #1e1c19;
  --paper-3: #292622;
  --ink: #ebe7de;
  --ink-2: #b0a99c;
  --ink-3: #918b7e;
  --line: #35312b;
  --accent: var(--rostra-accent-dark, #f08b8f);
  --accent-ink: var(--rostra-accent-ink-dark, #201010);
  --good: #6fc79b;
  --warn: #e0b060;
  --focus: #7db3ff;
`;

/**
 * The design tokens. In an element: `static styles = [tokens, controls, css...]`. On a page of our own:
 * `document.adoptedStyleSheets = [tokens.styleSheet!]`, which sets them on `:root`.
 */
export const tokens = css`
  :root,
  :host {
    color-scheme: var(--scheme);
    --scheme: light;
    ${light}
    --read: var(--rostra-read, Charter, 'Bitstream Charter', 'Sitka Text', Cambria, Georgia, serif);
    --ui: var(--rostra-ui, system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif);
    --accent-soft: color-mix(in srgb, var(--accent) 10%, var(--paper));
    --edge: #8a8377; /* of fields: 3:1 on every paper, light and dark */
    --radius: 6px;
    --measure: 66ch;
  }
  @media screen and (prefers-color-scheme: dark) {
    :root:not([data-theme='light']),
    :host(:not([data-theme='light'])) {
      ${dark}
    }
  }
  @media screen {
    :root[data-theme='dark'],
    :host([data-theme='dark']) {
      ${dark}
    }
  }
`;
