import { css } from 'lit';

/** The dialog accepts presses even when the page disables them on its body, as behind a drawer of its own. */
export const dialogStyles = css`
  dialog {
    inline-size: min(430px, calc(100vw - 24px));
    max-block-size: calc(100dvh - 24px);
    padding: 0;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--paper);
    color: var(--ink);
    pointer-events: auto;
    box-shadow: 0 18px 60px rgb(0 0 0 / 28%);
  }
  dialog::backdrop {
    background: rgb(20 18 15 / 48%);
  }
  form {
    position: relative;
    padding: 26px 26px 22px;
    display: grid;
    gap: 14px;
  }
  h2 {
    font: 700 25px/1.2 var(--read);
    margin: 0;
    padding-inline-end: 30px;
  }
  p {
    margin: 0;
    color: var(--ink-2);
    overflow-wrap: anywhere;
  }
  p b {
    color: var(--ink);
  }
  .x {
    position: absolute;
    inset-block-start: 14px;
    inset-inline-end: 12px;
    inline-size: 34px;
    block-size: 34px;
    padding: 0;
    font-size: 15px;
  }
  label {
    display: grid;
    gap: 5px;
    font-weight: 600;
    font-size: 14px;
  }
  small {
    font-weight: 400;
    font-size: 13px;
    color: var(--ink-3);
  }
  input {
    inline-size: 100%;
    font-weight: 400;
  }
  .code {
    font:
      600 21px/1.3 ui-monospace,
      'SF Mono',
      Menlo,
      Consolas,
      'Liberation Mono',
      monospace;
    letter-spacing: 0.12em;
    text-transform: uppercase;
  }
  .code::placeholder {
    color: var(--line);
  }
  .wide {
    inline-size: 100%;
    padding-block: 11px;
  }
  .other {
    justify-self: start;
    margin-inline-start: -6px;
  }
  .problem {
    color: var(--accent);
    font-size: 14px;
  }
  .problem:empty,
  .sent:empty {
    display: none;
  }
  .sent {
    color: var(--good);
    font-size: 14px;
  }
  .again {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: center;
    gap: 4px 12px;
    min-block-size: 30px;
    font-size: 14px;
    color: var(--ink-3);
  }
  .again .quiet {
    margin-inline: -6px;
  }
`;
