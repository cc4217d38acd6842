import { css } from 'lit';

export const feedStyles = css`
  .root {
    background: var(--paper);
  }
  article {
    padding: 14px 0 12px;
    border-block-start: 1px solid var(--line);
  }
  .pill-row + article {
    border-block-start: 0;
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
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
    max-inline-size: var(--measure);
  }
  .where {
    margin: 4px 0 0;
    font-size: 14px;
    color: var(--ink-2);
    overflow: hidden;
    overflow-wrap: anywhere;
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
    overflow: hidden;
    overflow-wrap: anywhere;
    color: var(--ink);
  }
  .more {
    color: var(--accent);
    margin-inline-start: -6px;
  }
`;
