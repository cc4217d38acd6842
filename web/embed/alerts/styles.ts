import { css } from 'lit';

// The strip has the same height in every state that says something, so that the story below does not move. `.line` is
// what stays in the story after the reader has decided. Comments within the styles would be sent to every reader.
export const alertsStyles = css`
  :host {
    container-type: inline-size;
  }
  section {
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--paper);
    line-height: 1.4;
  }
  .strip {
    display: flex;
    align-items: center;
    gap: 14px;
    min-block-size: var(--rostra-alerts-height, 86px);
    padding: 12px 14px;
  }
  svg {
    flex: none;
    color: var(--ink-2);
  }
  .on svg {
    color: var(--good);
  }
  .say {
    flex: 1;
    min-inline-size: 0;
  }
  p {
    margin: 0;
  }
  .title {
    font-weight: 600;
  }
  .title + p,
  small {
    font-size: 14px;
    color: var(--ink-2);
  }
  .acts {
    display: flex;
    flex: none;
    align-items: center;
    gap: 6px;
  }
  .line .quiet {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    margin-inline-start: -6px;
  }
  .line svg {
    inline-size: 16px;
    block-size: 16px;
  }
  .panel {
    border-block-start: 1px solid var(--line);
    padding: 14px;
    display: grid;
    gap: 12px;
  }
  fieldset {
    border: 0;
    margin: 0;
    padding: 0;
    display: grid;
    gap: 12px;
  }
  legend {
    font-weight: 600;
    padding: 0;
    margin-block-end: 10px;
  }
  .topic {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 0 10px;
    align-items: start;
  }
  .topic input {
    inline-size: 18px;
    block-size: 18px;
    margin: 1px 0 0;
  }
  .topic b {
    font-weight: 500;
  }
  .topic small {
    display: block;
  }
  .topic > .quiet {
    grid-column: 2;
    justify-self: start;
    margin-inline-start: -6px;
    color: var(--ink);
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .note {
    font-size: 14px;
    color: var(--ink-2);
  }
  .trouble {
    font-size: 14px;
    color: var(--accent);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 10px;
  }
  code {
    display: block;
    margin-block: 6px;
    padding: 8px 10px;
    border-radius: 4px;
    background: var(--paper-2);
    color: var(--ink);
    font:
      13px/1.5 ui-monospace,
      'SF Mono',
      Menlo,
      Consolas,
      'Liberation Mono',
      monospace;
    overflow-wrap: anywhere;
  }
  .engineer {
    font-size: 14px;
    color: var(--ink-2);
    display: grid;
    gap: 4px;
  }
  .engineer b {
    color: var(--ink);
    font-weight: 600;
  }
  @container (max-width: 520px) {
    .strip {
      flex-wrap: wrap;
      row-gap: 10px;
      min-block-size: var(--rostra-alerts-height-narrow, 134px);
    }
    .open .strip {
      min-block-size: 0;
    }
    .say {
      flex-basis: calc(100% - 40px);
    }
    .acts {
      inline-size: 100%;
    }
  }
`;
