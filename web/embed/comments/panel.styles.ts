import { css } from 'lit';

/** Draws panels, menus and cards. It is loaded with them. */
export const panelStyles = css`
  .sheet {
    position: absolute;
    z-index: 3;
    inset-block-start: 100%;
    inset-inline-start: 0;
    display: grid;
    justify-items: start;
    inline-size: max-content;
    min-inline-size: 130px;
    max-inline-size: min(260px, 66cqi);
    padding: 6px;
    background: var(--paper);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    box-shadow: 0 6px 22px rgb(0 0 0 / 14%);
  }
  .sheet .quiet {
    inline-size: 100%;
    text-align: start;
    white-space: normal;
    overflow-wrap: anywhere;
    padding: 7px 9px;
  }
  .card {
    gap: 12px;
    margin-block-start: 8px;
    padding: 14px;
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
`;
