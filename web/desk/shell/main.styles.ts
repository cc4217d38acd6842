import { css } from 'lit';

/** The open entry: head, body and foot below each other, and beside them what belongs to the entry. */
export const mainStyles = css`
  .entry {
    display: grid;
    grid-template: 'head aside' auto 'body aside' minmax(0, 1fr) 'foot aside' auto / minmax(0, 1fr) 250px;
    min-inline-size: 0;
    min-block-size: 0;
    background: var(--paper);
  }
  .entry.bare {
    grid-template-columns: minmax(0, 1fr) 0;
  }
  .entry > header {
    grid-area: head;
    display: flex;
    gap: 12px;
    align-items: baseline;
    min-block-size: 54px;
    padding: 13px 24px;
    border-block-end: 1px solid var(--line);
  }
  .entry > header h2 {
    font: 700 15px/1.6 var(--ui);
    margin: 0;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .entry > header a {
    color: var(--ink-3);
    font-size: 13px;
    white-space: nowrap;
  }
  .entry > header a:hover {
    color: var(--ink);
  }
  .entry > header .back {
    display: none;
  }
  .middle {
    display: contents;
  }
  .body {
    grid-area: body;
    min-block-size: 0;
    overflow: hidden auto;
    padding: 20px 24px 28px;
  }
  .body > * {
    max-inline-size: 74ch;
  }
  .user-text {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
    overflow: hidden auto;
    max-block-size: 40em;
  }
  .body {
    overflow-wrap: anywhere;
  }
  .entry aside {
    grid-area: aside;
    min-inline-size: 0;
    overflow: hidden auto;
    padding: 16px;
    font-size: 14px;
    background: var(--paper-2);
    border-inline-start: 1px solid var(--line);
  }
  .bare aside {
    display: none;
  }
  .foot {
    grid-area: foot;
    border-block-start: 1px solid var(--line);
    padding: 12px 24px;
    padding-block-end: max(12px, env(safe-area-inset-bottom));
    background: var(--paper);
  }
  .choose {
    color: var(--ink-3);
    margin: 0;
  }
  q {
    overflow-wrap: anywhere;
    quotes: '“' '”';
    unicode-bidi: isolate;
    color: var(--ink-2);
  }
  /* The accent is for what is decided about; a badge only informs here. */
  .tag.supporter {
    color: var(--ink-2);
    border-color: var(--line);
  }

  @media (max-width: 1160px) {
    .entry,
    .entry.bare {
      grid-template: 'head' auto 'body' minmax(0, 1fr) 'foot' auto / minmax(0, 1fr);
    }
    .middle {
      display: block;
      grid-area: body;
      min-block-size: 0;
      overflow: hidden auto;
    }
    .body,
    .entry aside {
      overflow: visible;
    }
    .entry aside {
      border-inline-start: 0;
      border-block-start: 1px solid var(--line);
      padding: 16px 24px 24px;
    }
  }

  @media (max-width: 760px) {
    .entry > header {
      padding: 10px 12px;
      align-items: center;
    }
    .entry > header .back {
      display: inline-block;
      text-decoration: none;
      font-size: 26px;
      line-height: 1;
      padding: 4px 10px 8px;
      color: var(--ink-2);
    }
    .entry > header .back:dir(rtl) {
      transform: scaleX(-1);
    }
    .body {
      padding: 16px 16px 20px;
    }
    .entry aside,
    .foot {
      padding-inline: 16px;
    }
  }
`;
