import { css, html, LitElement, nothing } from 'lit';
import { controls } from '../shared/controls.js';
import { keyCap } from './shell/key-cap.styles.js';
import { readKeysOn, writeKeysOn } from './shell/keys.js';
import { t } from './shell/strings.js';

type Row = readonly [keys: readonly string[], what: Parameters<typeof t>[0]];

const CASES: readonly Row[] = [
  [['↓', 'J'], 'keys.next'],
  [['↑'], 'keys.previous'],
  [['K'], 'keys.keep'],
  [['R'], 'keys.remove'],
  [['S'], 'keys.restore'],
  [['Z'], 'keys.undo'],
  [['O'], 'keys.open'],
  [['Esc'], 'keys.cancel'],
  [['?'], 'keys.help'],
];

const ALERTS: readonly Row[] = [
  [['N'], 'keys.write'],
  [['Ctrl', '↵'], 'keys.check'],
  [['S'], 'keys.send'],
  [['Z'], 'keys.hold'],
  [['W'], 'keys.go'],
  [['X'], 'keys.stop'],
  [['E'], 'keys.edit'],
  [['D'], 'keys.discard'],
  [['O'], 'keys.story'],
];

const list = (rows: readonly Row[]) =>
  html`<dl>
    ${rows.map(
      ([keys, what]) =>
        html`<dt>${keys.map((it) => html`<kbd>${it}</kbd>`)}</dt>
          <dd>${t(what)}</dd>`,
    )}
  </dl>`;

/** The list of keys, and the switch that turns the single ones off. Fires `keys-changed` with the new setting. */
class DeskKeys extends LitElement {
  static override properties = { on: { state: true }, editor: { type: Boolean } };
  declare on: boolean;
  /** Shows the keys of the alerts as well. */
  declare editor: boolean;

  constructor() {
    super();
    this.on = readKeysOn();
    this.editor = false;
  }

  show(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  override render() {
    return html`<dialog aria-labelledby="title" @click=${this.#clickOutside}>
      <form method="dialog">
        <h2 id="title">${t('keys.title')}</h2>
        ${list(CASES)}
        ${
          this.editor
            ? html`<h3>${t('keys.alerts')}</h3>
                ${list(ALERTS)}`
            : nothing
        }
        <label><input type="checkbox" .checked=${this.on} @change=${this.#toggle} /> ${t('keys.on')}</label>
        <button class="primary">${t('keys.close')}</button>
      </form>
    </dialog>`;
  }

  readonly #toggle = (event: Event): void => {
    this.on = (event.target as HTMLInputElement).checked;
    writeKeysOn(this.on);
    this.dispatchEvent(new CustomEvent<boolean>('keys-changed', { detail: this.on }));
  };

  readonly #clickOutside = (event: Event): void => {
    if (event.target instanceof HTMLDialogElement) event.target.close();
  };

  static override styles = [
    controls,
    keyCap,
    css`
      dialog {
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--paper);
        color: var(--ink);
        padding: 0;
        inline-size: min(440px, 100% - 32px);
        max-block-size: calc(100% - 32px);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 45%);
      }
      form {
        padding: 20px 24px 24px;
      }
      h2 {
        font: 700 21px/1.3 var(--read);
        margin: 0 0 12px;
      }
      h3 {
        font: 600 14px/1.5 var(--ui);
        color: var(--ink-2);
        margin: 0 0 8px;
      }
      dl {
        display: grid;
        grid-template-columns: 76px 1fr;
        gap: 7px 16px;
        margin: 0 0 16px;
      }
      dt {
        display: flex;
        gap: 4px;
        align-items: baseline;
      }
      dd {
        margin: 0;
        color: var(--ink-2);
      }
      label {
        display: flex;
        gap: 8px;
        align-items: center;
        margin-block-end: 18px;
      }
      input {
        inline-size: 18px;
        block-size: 18px;
        accent-color: var(--accent);
      }
    `,
  ];
}

customElements.define('desk-keys', DeskKeys);

declare global {
  interface HTMLElementTagNameMap {
    'desk-keys': DeskKeys;
  }
}
