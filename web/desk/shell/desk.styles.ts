import { css } from 'lit';

/** The grid of the desk, from left to right: the navigation, the list, the open entry. */
export const deskStyles = css`
  .desk {
    display: grid;
    grid-template-columns: 190px 320px minmax(0, 1fr);
    block-size: 100vh;
    block-size: 100dvh;
    background: var(--paper-2);
  }
  .desk > * {
    min-block-size: 0;
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
  .sheet .unsaved {
    border-inline-start: 3px solid var(--warn);
    padding-inline-start: 12px;
    color: var(--ink);
  }

  @media (max-width: 1160px) {
    .desk {
      grid-template-columns: 168px 290px minmax(0, 1fr);
    }
  }

  @media (max-width: 760px) {
    .desk {
      grid-template: 'nav' auto 'main' minmax(0, 1fr) / minmax(0, 1fr);
    }
    .desk .list,
    .desk .entry {
      grid-area: main;
      border-inline-end: 0;
    }
    /* Only one of the list and the entry is shown; the back button leads from the entry to the list. */
    .desk.at-entry nav,
    .desk.at-entry .list,
    .desk.at-list .entry {
      display: none;
    }
    .desk.at-entry {
      grid-template: 'main' minmax(0, 1fr) / minmax(0, 1fr);
    }
  }
`;
