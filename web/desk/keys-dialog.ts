import { css, html, LitElement } from 'lit';
import { controls } from '../shared/controls.js';
import { readKeysOn, writeKeysOn } from './keys.js';
import { t } from './strings.js';

/** The list of keys, and the switch that turns the single ones off. Fires `keys-changed` with the new setting. */
export class DeskKeys extends LitElement {
  static override properties = { on: { state: true } };
  declare on: boolean;

  constructor() {
    super();
    this.on = readKeysOn();
  }

  show(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  override render() {
    const rows = [
      [['↓', 'J'], t('keys.next')],
      [['↑'], t('keys.previous')],
      [['K'], t('keys.keep')],
      [['R'], t('keys.remove')],
      [['S'], t('keys.restore')],
      [['Z'], t('keys.undo')],
      [['O'], t('keys.open')],
      [['Esc'], t('keys.cancel')],
      [['?'], t('keys.help')],
    ] as const;
    return html`<dialog aria-labelledby="title" @click=${this.#clickOutside}>
      <form method="dialog">
        <h2 id="title">${t('keys.title')}</h2>
        <dl>
          ${rows.map(
            ([keys, what]) =>
              html`<dt>${keys.map((it) => html`<kbd>${it}</kbd>`)}</dt>
                <dd>${what}</dd>`,
          )}
        </dl>
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
    css`
      dialog {
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--paper);
        color: var(--ink);
        padding: 0;
        inline-size: min(440px, 100% - 32px);
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
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 7px 16px;
        margin: 0 0 16px;
      }
      dt {
        display: flex;
        gap: 4px;
      }
      dd {
        margin: 0;
        color: var(--ink-2);
      }
      kbd {
        font: 600 12px/1.6 var(--ui);
        border: 1px solid var(--line);
        border-radius: 4px;
        padding: 0 6px;
        block-size: 21px;
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
