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
    border-start-end-radius: 4px;
    border-end-end-radius: 4px;
  }
  bdi {
    unicode-bidi: isolate;
  }
  .follow bdi {
    display: inline-block;
    max-inline-size: 8em;
    overflow: hidden;
    text-overflow: ellipsis;
    vertical-align: bottom;
  }
  .act {
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
  }
  .sheet {
    position: absolute;
    z-index: 3;
    inset-block-start: 100%;
    inset-inline-end: 0;
    display: grid;
    justify-items: start;
    min-inline-size: 130px;
    padding: 6px;
    background: var(--paper);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    box-shadow: 0 6px 22px rgb(0 0 0 / 14%);
  }
  .sheet button {
    inline-size: 100%;
    text-align: start;
    padding: 7px 9px;
  }
  .narrow {
    display: none;
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
  .panel {
    margin: 8px 0 10px;
    max-inline-size: var(--measure);
  }
  .ask {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .ask p {
    margin: 0;
  }
  .report fieldset {
    border: 0;
    margin: 0 0 8px;
    padding: 0;
  }
  .report legend {
    font-weight: 600;
    margin-block-end: 4px;
    padding: 0;
  }
  .report label {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 4px 0;
  }
  .report .note {
    display: grid;
    gap: 4px;
    color: var(--ink-2);
    font-size: 14px;
    margin-block-end: 8px;
  }
  .lost {
    margin: 0 0 8px;
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
  @container (max-width: 460px) {
    .kids {
      margin-inline-start: 2px;
      padding-inline-start: 12px;
    }
    .line {
      inset-inline-start: -10px;
    }
    /* Beside the button for new replies there is no room for both, and a second line would move what is below. */
    .act:has(.fresh-here) .wide {
      display: none;
    }
    .act:has(.fresh-here) .narrow {
      display: block;
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
