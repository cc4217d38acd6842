import { css } from 'lit';

/** Draws the thread with lines instead of boxes and muted controls, and lets nothing jump. */
export const threadStyles = css`
  .root {
    container-type: inline-size;
    background: var(--paper);
  }
  section {
    border-block-start: 2px solid var(--ink);
    padding-block-start: 14px;
  }
  /* What follows the conversation stays out of sight until the comments are here, and is not pushed down by them. */
  .loading {
    min-block-size: 100vh;
  }
  h2 {
    font: 700 25px/1.2 var(--read);
    margin: 0;
  }
  .bar {
    display: flex;
    align-items: baseline;
    gap: 4px 14px;
    flex-wrap: wrap;
    margin-block-end: 14px;
  }
  .bar .counts {
    display: flex;
    align-items: baseline;
    gap: 14px;
    color: var(--ink-2);
    font-size: 14px;
  }
  .bar .state {
    padding: 0;
    font-size: 13px;
    color: var(--ink-3);
  }
  .bar .state::before {
    content: '';
    display: inline-block;
    inline-size: 7px;
    block-size: 7px;
    margin-inline-end: 6px;
    border-radius: 50%;
    background: var(--ink-3);
  }
  .bar .state.is-live::before {
    background: var(--good);
  }
  .bar .state.is-offline {
    color: var(--warn);
  }
  .bar .state.is-offline::before {
    background: var(--warn);
  }
  .bar label {
    margin-inline-start: auto;
  }
  .bar select {
    font: 14px/1.3 var(--ui);
    padding: 6px 8px;
  }
  /* iOS zooms in at smaller fields. */
  @media (pointer: coarse) {
    .bar select {
      font-size: 16px;
    }
  }
  .rules {
    font-size: 13px;
    color: var(--ink-3);
    margin: 6px 0 0;
  }
  .closed {
    color: var(--ink-2);
    margin: 0;
  }
  .c {
    padding: 14px 0 2px;
    scroll-margin-block: 70px;
  }
  .c:focus,
  h2:focus {
    outline: none;
  }
  /* A far row has no picture, and the height that it has with one. */
  .far {
    min-block-size: 26px;
    padding-inline-start: 34px;
  }
  .list > .c {
    padding-block-end: 10px;
  }
  .list > .c + .c {
    border-block-start: 1px solid var(--line);
  }
  .linked > .own,
  .c:focus-visible > .own {
    box-shadow: 0 0 0 8px var(--accent-soft);
    background: var(--accent-soft);
    border-radius: 4px;
    /* Forced colours show outlines and no backgrounds. */
    outline: 2px solid transparent;
    outline-offset: 6px;
  }
  bdi {
    unicode-bidi: isolate;
  }
  .act {
    position: relative;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 4px;
    margin-inline-start: -6px;
    min-block-size: 28px;
  }
  @media (pointer: coarse) {
    .act {
      min-block-size: 44px;
    }
  }
  .like {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    font-variant-numeric: tabular-nums;
  }
  .like:hover {
    text-decoration: none;
  }
  .heart {
    fill: none;
    stroke: currentColor;
    stroke-width: 1.9;
    stroke-linejoin: round;
  }
  .heart.full {
    fill: currentColor;
  }
  [aria-pressed='true'].quiet {
    color: var(--ink);
    font-weight: 600;
  }
  .dots {
    letter-spacing: 1px;
  }
  .menu {
    position: relative;
    min-inline-size: 0;
    max-inline-size: 100%;
  }
  /* The menu begins where the row of controls does, so that it has room on a phone. */
  .act .menu {
    position: static;
  }
  .name {
    padding: 0;
    font: inherit;
    color: inherit;
    text-align: start;
    white-space: normal;
    max-inline-size: 100%;
  }
  /* A row of names stays as low as their letters, and the finger has room around them. */
  .who .name {
    position: relative;
    display: block;
    min-block-size: 0;
    min-inline-size: 0;
  }
  .name b {
    display: block;
  }
  @media (pointer: coarse) {
    .name::after {
      content: '';
      position: absolute;
      inset: -11px -4px;
    }
  }
  .fresh-here {
    color: var(--accent);
    font-weight: 600;
  }
  .kids {
    position: relative;
    margin-inline-start: 12px;
    padding-inline-start: 18px;
  }
  .kids.flat {
    margin: 0;
    padding: 0;
  }
  .line {
    position: absolute;
    inset-block: 4px 0;
    inset-inline-start: -9px;
    inline-size: 20px;
    padding: 0;
    border: 0;
    background: none;
  }
  .line::before {
    content: '';
    position: absolute;
    inset-block: 0;
    inset-inline-start: 9px;
    inline-size: 2px;
    background: var(--line);
  }
  .line:hover::before,
  .line:focus-visible::before {
    background: var(--ink-3);
  }
  .gone .said {
    color: var(--ink-3);
    font: 15px/1.5 var(--ui);
    margin: 0;
  }
  .more {
    margin: 0 0 4px -6px;
    padding-block: 9px;
    color: var(--accent);
  }
  .lost {
    margin: 0 0 14px;
    padding: 10px 14px;
    border-inline-start: 3px solid var(--ink-3);
    background: var(--paper-2);
    font-size: 15px;
  }
  .trouble {
    margin: 6px 0;
    font-size: 14px;
    color: var(--accent);
  }
  .fine {
    color: var(--good);
  }
  @media print {
    .state,
    .rules,
    .pill-row,
    rostra-composer,
    .act {
      display: none;
    }
    .own {
      break-inside: avoid;
    }
  }
  @container (max-width: 460px) {
    .kids {
      margin-inline-start: 2px;
      padding-inline-start: 12px;
    }
    .line {
      inset-inline-start: -10px;
    }
    .bar h2 {
      flex: 1;
    }
    .bar .counts {
      order: 1;
      flex-basis: 100%;
    }
  }
`;
