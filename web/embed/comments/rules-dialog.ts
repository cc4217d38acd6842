import { css, html } from 'lit';
import { api } from '../../shared/api.js';
import { controls } from '../../shared/controls.js';
import { asProblem, type ApiProblem } from '../../shared/problem.js';
import { failed, loading, stateStyles } from '../../shared/states.js';
import { tokens } from '../../shared/tokens.js';
import { IsolatedElement } from '../common/isolated-element.js';
import { paragraphs } from '../common/linkify.js';
import { paragraph } from './paragraph.js';
import { t } from './panel-words.js';

const NAME = 'rostra-rules';

/** Shows the community rules of the page's site, which are read when they are opened. */
class RulesDialog extends IsolatedElement {
  static override properties = { text: { state: true }, problem: { state: true } };
  declare text: string | undefined;
  declare problem: ApiProblem | undefined;

  override firstUpdated(): void {
    this.#dialog.showModal();
    void this.#read();
  }

  get #dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!;
  }

  async #read(): Promise<void> {
    this.problem = undefined;
    try {
      this.text = (await api.read('/site/rules')).text;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  override render() {
    const close = () => this.#dialog.close();
    return html`<dialog
      aria-labelledby="title"
      @close=${() => this.remove()}
      @click=${(event: Event) => event.target === this.#dialog && close()}
    >
      <div class="sheet">
        <h2 id="title" tabindex="-1" autofocus>${t('rules.title')}</h2>
        <div class="text" tabindex="0" role="region" aria-labelledby="title">
          ${
            this.problem
              ? failed(this.problem, () => void this.#read())
              : this.text === undefined
                ? loading(2)
                : paragraphs(this.text).map((it) => html`<p dir="auto">${paragraph(it)}</p>`)
          }
        </div>
        <button class="primary" @click=${close}>${t('rules.close')}</button>
      </div>
    </dialog>`;
  }

  static override styles = [
    tokens,
    controls,
    stateStyles,
    css`
      :host {
        position: absolute;
      }
      dialog {
        inline-size: min(600px, calc(100vw - 24px));
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
      .sheet {
        display: flex;
        flex-direction: column;
        max-block-size: calc(100dvh - 26px);
        padding: 26px 26px 22px;
        gap: 14px;
      }
      h2 {
        font: 700 25px/1.2 var(--read);
        margin: 0;
      }
      h2:focus {
        outline: none;
      }
      .text {
        overflow-y: auto;
        font: 17px/1.55 var(--read);
        max-inline-size: var(--measure);
        overflow-wrap: anywhere;
      }
      .text p {
        margin: 0 0 12px;
      }
      .primary {
        align-self: start;
      }
    `,
  ];
}

/** Opens the rules above the page, in the theme of the element that asks. */
export function showRules(asker: Element): void {
  if (!customElements.get(NAME)) customElements.define(NAME, RulesDialog);
  const element = document.createElement(NAME);
  const theme = asker.getAttribute('data-theme');
  if (theme) element.setAttribute('data-theme', theme);
  document.querySelector('body')?.append(element);
}
