import { css } from 'lit';

/** The desk reads from left to right: where, what, the case in its conversation, who wrote it. */
export const deskStyles = css`
  .desk {
    display: grid;
    grid-template-columns: 190px 320px minmax(0, 1fr);
    block-size: 100vh;
    block-size: 100dvh;
    background: var(--paper-2);
  }
  .desk.decisions {
    grid-template-columns: 190px 380px minmax(0, 1fr);
  }
  .desk > * {
    min-block-size: 0;
  }
  .one {
    display: grid;
    grid-template: 'head aside' auto 'body aside' minmax(0, 1fr) 'foot aside' auto / minmax(0, 1fr) 250px;
  }
  .one.bare {
    grid-template-columns: minmax(0, 1fr) 0;
  }
  .one > header {
    grid-area: head;
  }
  .middle {
    display: contents;
  }
  .body {
    grid-area: body;
  }
  .one aside {
    grid-area: aside;
    background: var(--paper-2);
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
  .notices:empty {
    display: none;
  }
  .notices p {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: start;
    gap: 0 8px;
    margin: 0 0 10px;
    font-size: 14px;
    color: var(--ink-2);
    overflow-wrap: anywhere;
  }
  .notices .ways {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-block-start: 6px;
    grid-column: 1 / -1;
  }
  .notices .warn {
    color: var(--warn);
  }
  .notices .good {
    color: var(--good);
  }
  .notices button {
    font-size: 14px;
    padding: 5px 10px;
  }
  .notices button.quiet {
    padding: 0 8px;
  }
  /* The accent is for what is decided about; a badge only informs here. */
  .tag.supporter {
    color: var(--ink-2);
    border-color: var(--line);
  }
  .skip {
    position: absolute;
    inset-inline-start: -999px;
  }
  .skip:focus {
    inset: 8px auto auto 8px;
    z-index: 2;
    background: var(--paper);
    padding: 8px 12px;
  }
  q {
    quotes: '“' '”';
    unicode-bidi: isolate;
    color: var(--ink-2);
  }
  .sheet .kept {
    border-inline-start: 3px solid var(--warn);
    padding-inline-start: 12px;
    color: var(--ink);
  }

  @media (max-width: 1160px) {
    .desk,
    .desk.decisions {
      grid-template-columns: 168px 290px minmax(0, 1fr);
    }
    .one,
    .one.bare {
      grid-template: 'head' auto 'body' minmax(0, 1fr) 'foot' auto / minmax(0, 1fr);
    }
    .middle {
      display: block;
      grid-area: body;
      min-block-size: 0;
      overflow-y: auto;
    }
    .body,
    .one aside {
      overflow: visible;
    }
    .one aside {
      border-inline-start: 0;
      border-block-start: 1px solid var(--line);
      padding: 16px 24px 24px;
    }
    aside dl {
      max-inline-size: 200px;
    }
  }

  @media (max-width: 760px) {
    .desk,
    .desk.decisions {
      grid-template: 'nav' auto 'main' minmax(0, 1fr) / minmax(0, 1fr);
    }
    .desk .list,
    .desk .one {
      grid-area: main;
      border-inline-end: 0;
    }
    /* A list, then a case: one at a time, and the back button leads from one to the other. */
    .desk.at-case nav,
    .desk.at-case .list,
    .desk.at-list .one {
      display: none;
    }
    .desk.at-case {
      grid-template: 'main' minmax(0, 1fr) / minmax(0, 1fr);
    }
    nav {
      display: grid;
      grid-template: 'brand me' auto 'line line' auto 'rooms rooms' auto / auto 1fr;
      align-items: baseline;
      padding: 10px 16px 0;
      border-inline-end: 0;
      border-block-end: 1px solid var(--line);
      overflow: visible;
    }
    .brand {
      grid-area: brand;
      margin: 0;
      font-size: 19px;
    }
    .rooms {
      grid-area: rooms;
      display: flex;
      gap: 20px;
    }
    .rooms a {
      padding: 9px 0;
      border-radius: 0;
    }
    .rooms a[aria-current] {
      background: none;
      box-shadow: inset 0 -2px var(--accent);
    }
    .me {
      grid-area: me;
      justify-self: end;
      display: flex;
      align-items: center;
      gap: 10px;
      margin: 0;
      padding: 0;
      min-inline-size: 0;
    }
    .me > b {
      font-weight: 500;
      color: var(--ink-2);
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
      max-inline-size: 32vw;
    }
    .me .role,
    .me .keys,
    .line.on {
      display: none;
    }
    .me .row {
      margin: 0;
    }
    .line {
      grid-area: line;
      margin: 0;
      padding: 4px 0 0;
    }
    .list > header {
      min-block-size: 0;
      padding-block: 10px;
    }
    /* The tab above says it already. */
    .list > header h1 {
      position: absolute;
      clip-path: inset(50%);
    }
    .one > header {
      padding: 10px 12px;
      align-items: center;
    }
    .one > header .back {
      display: inline-block;
      text-decoration: none;
      font-size: 26px;
      line-height: 1;
      padding: 4px 10px 8px;
      color: var(--ink-2);
    }
    .one > header .back:dir(rtl) {
      transform: scaleX(-1);
    }
    .body {
      padding: 16px 16px 20px;
    }
    .focus {
      font-size: 18px;
    }
    .one aside {
      padding-inline: 16px;
    }
    .foot {
      padding-inline: 16px;
    }
    .item {
      padding-block: 14px;
    }
  }
`;
