import { css } from 'lit';

/** The navigation: a column at the left, and rows above the list on a phone. */
export const navStyles = css`
  nav {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    padding: 14px;
    border-inline-end: 1px solid var(--line);
    background: var(--paper-2);
    overflow-y: auto;
  }
  .brand {
    font: 700 21px/1.3 var(--read);
    margin: 0 8px 16px;
  }
  .pages a {
    display: flex;
    justify-content: space-between;
    gap: 8px;
    padding: 7px 8px;
    border-radius: var(--radius);
    color: var(--ink-2);
    text-decoration: none;
    transition: none;
  }
  .pages a:hover {
    color: var(--ink);
  }
  .pages a[aria-current] {
    background: var(--paper);
    color: var(--ink);
    font-weight: 600;
  }
  .pages i {
    font-style: normal;
    color: var(--ink-3);
    font-variant-numeric: tabular-nums;
  }
  .me {
    padding: 0 8px;
    font-size: 14px;
    overflow-wrap: anywhere;
  }
  .me > b {
    display: block;
    font-weight: 600;
  }
  .me .role {
    display: block;
    color: var(--ink-3);
    font-size: 13px;
  }
  .me .row {
    display: flex;
    flex-wrap: wrap;
    margin: 4px 0 0;
    margin-inline-start: -6px;
  }
  .connection {
    margin: auto 8px 0;
    padding: 18px 0 12px;
    font-size: 13px;
    line-height: 1.4;
    color: var(--ink-3);
  }
  .connection::before {
    content: '';
    display: inline-block;
    inline-size: 8px;
    block-size: 8px;
    border-radius: 50%;
    margin-inline-end: 7px;
    background: var(--good);
  }
  .connection.wait::before {
    background: none;
    box-shadow: inset 0 0 0 2px var(--warn);
  }
  .connection.off {
    color: var(--warn);
  }
  .connection.off::before {
    background: var(--warn);
  }

  @media (max-width: 760px) {
    nav {
      display: grid;
      grid-template: 'brand me' auto 'connection connection' auto 'pages pages' auto / auto 1fr;
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
    .pages {
      grid-area: pages;
      display: flex;
      flex-wrap: wrap;
      gap: 0 20px;
    }
    .pages a {
      padding: 9px 0;
      border-radius: 0;
    }
    .pages a[aria-current] {
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
    .connection.on {
      display: none;
    }
    .me .row {
      margin: 0;
    }
    .connection {
      grid-area: connection;
      margin: 0;
      padding: 4px 0 0;
    }
  }
`;
