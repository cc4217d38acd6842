import { css } from 'lit';

/** The list of a page: its head, its entries, and the line that ends it. */
export const listStyles = css`
  .list {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    min-inline-size: 0;
    background: var(--paper);
    border-inline-end: 1px solid var(--line);
  }
  .list > header {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 10px;
    align-items: baseline;
    min-block-size: 54px;
    padding: 13px 16px;
    border-block-end: 1px solid var(--line);
  }
  .list h1 {
    font: 700 17px/1.5 var(--ui);
    margin: 0;
  }
  .list > header span {
    color: var(--ink-3);
    font-size: 13px;
  }
  .scroll {
    flex: 1;
    min-block-size: 0;
    overflow: hidden auto;
  }
  .scroll > [role='status'],
  .scroll > .state {
    padding-inline: 16px;
  }
  .list ol {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .item {
    display: block;
    padding: 12px 16px;
    border-block-end: 1px solid var(--line);
    text-decoration: none;
    scroll-margin-block: 40px;
  }
  .item:hover {
    background: var(--paper-2);
  }
  .item[aria-current] {
    background: var(--accent-soft);
    box-shadow: inset 3px 0 var(--accent);
  }
  .item[aria-current]:dir(rtl) {
    box-shadow: inset -3px 0 var(--accent);
  }
  .item:focus-visible {
    outline-offset: -3px;
  }
  .item small {
    display: flex;
    gap: 8px;
    color: var(--ink-3);
    font-size: 13px;
  }
  .item small bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .item small span {
    margin-inline-start: auto;
    white-space: nowrap;
  }
  .excerpt {
    font: 15px/1.4 var(--read);
    margin: 3px 0 6px;
    display: -webkit-box;
    -webkit-line-clamp: 2;
    -webkit-box-orient: vertical;
    overflow: hidden;
    overflow-wrap: anywhere;
  }
  .tail {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    align-items: baseline;
    padding: 12px 10px 20px;
    font-size: 13px;
  }
  .tail span {
    color: var(--ink-3);
    padding-inline: 6px;
  }

  @media (max-width: 760px) {
    .list > header {
      min-block-size: 0;
      padding-block: 10px;
    }
    /* The navigation above says it already. */
    .list > header h1 {
      position: absolute;
      clip-path: inset(50%);
    }
    .item {
      padding-block: 14px;
    }
  }
`;
