import { css, html, LitElement } from 'lit';
import { controls } from '../../shared/controls.js';
import { keyCap } from './key-cap.styles.js';
import { readKeysOn, writeKeysOn } from './keys.js';
import type { KeyGroup } from './page.js';
import { t } from './strings.js';

const list = ({ title, rows }: KeyGroup) =>
  html`<h3>${title}</h3>
    <dl>
      ${rows.map(
        ([keys, text]) =>
          html`<dt>${keys.map((it) => html`<kbd>${it}</kbd>`)}</dt>
            <dd>${text}</dd>`,
      )}
    </dl>`;

/** The list of keys, and the switch that turns the single ones off. Fires `keys-changed` with the new setting. */
class DeskKeys extends LitElement {
  static override properties = { on: { state: true }, groups: { attribute: false } };
  declare on: boolean;
  declare groups: readonly KeyGroup[];

  constructor() {
    super();
    this.on = readKeysOn();
    this.groups = [];
  }

  show(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  override render() {
    return html`<dialog aria-labelledby="title" @click=${this.#clickOutside}>
      <form method="dialog">
        <h2 id="title">${t('keys.title')}</h2>
        ${this.groups.map(list)}
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
