import { css } from 'lit';

export const feedStyles = css`
  :host {
    background: var(--paper);
  }
  article {
    padding: 14px 0 12px;
    border-block-start: 1px solid var(--line);
  }
  .pill-row + article {
    border-block-start: 0;
  }
  .who {
    display: flex;
    gap: 2px 8px;
    align-items: center;
    flex-wrap: wrap;
    font-size: 14px;
  }
  .who b {
    font-size: 15px;
    overflow-wrap: anywhere;
  }
  .av {
    inline-size: 26px;
    block-size: 26px;
    border-radius: 50%;
    background: var(--paper-3);
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
  .parent {
    margin: 8px 0 0;
    padding-inline-start: 12px;
    border-inline-start: 2px solid var(--line);
    color: var(--ink-2);
    font: 15px/1.5 var(--read);
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
    unicode-bidi: isolate;
    max-inline-size: var(--measure);
  }
  .text p {
    font: 17px/1.55 var(--read);
    margin: 6px 0 4px;
    max-inline-size: var(--measure);
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }
  .text span {
    white-space: pre-line;
  }
  .text a {
    color: var(--accent);
  }
  .where {
    margin: 4px 0 0;
    font-size: 14px;
    color: var(--ink-2);
  }
  .whom {
    font-size: 14px;
    color: var(--ink-2);
  }
  .whom summary {
    cursor: pointer;
    inline-size: fit-content;
  }
  .whom ul {
    list-style: none;
    margin: 8px 0 0;
    padding: 0;
  }
  .whom li {
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    gap: 8px;
    padding: 4px 0;
    color: var(--ink);
  }
  .pill-row {
    position: sticky;
    inset-block-start: 10px;
    z-index: 2;
    block-size: 46px;
    display: grid;
    place-items: center;
    pointer-events: none;
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
  .more {
    color: var(--accent);
    margin-inline-start: -6px;
  }
`;
