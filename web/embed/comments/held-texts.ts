import { css, html, LitElement, nothing } from 'lit';
import { api } from '../../shared/api.js';
import { controls } from '../../shared/controls.js';
import type { HeldComment } from '../../shared/contract.js';
import { asProblem } from '../../shared/problem.js';
import { translator } from '../../shared/strings/translate.js';
import { tokens } from '../../shared/tokens.js';
import { textOf } from '../common/strings.js';

const words = {
  'held.title': { one: 'Your comment that waits', other: 'Your comments that wait' },
  'held.rejectedTitle': 'Not published',
  'held.rejected': 'A moderator has decided not to publish this comment. Nobody else sees it.',
  'held.back': 'Take back',
  'held.read': 'Hide',
  'held.only': 'Only you see it.',
} as const;
const t = translator(words);

/** While something waits, the page asks again after so long, and then less and less often. */
const FIRST_MS = 4_000;
const MOST_MS = 30_000;
/** The rejected texts whose notice the reader has hidden. */
const HIDDEN = 'rostra.held';

function readHidden(): string[] {
  try {
    return JSON.parse(localStorage.getItem(HIDDEN) ?? '[]') as string[];
  } catch {
    return [];
  }
}

const whyOf = ({ state, reason }: HeldComment): string =>
  state === 'held' ? `${reason} ${t('held.only')}` : t('held.rejected');

/** What the element needs from the conversation. */
interface HeldSource {
  readMine(): Promise<void>;
}

/** Shows a reader's own texts that wait for a moderator or were rejected. Nobody else sees them. */
export class HeldTexts extends LitElement {
  static override properties = { items: {}, read: { state: true }, problem: { state: true } };
  declare items: HeldComment[];
  declare read: string[];
  declare problem: string;
  talk: HeldSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pause = FIRST_MS;

  constructor() {
    super();
    this.items = [];
    this.read = readHidden();
    this.problem = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#pause = FIRST_MS;
    this.#askLater();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  /** Asks whether a moderator has decided. */
  #askLater(): void {
    this.#timer = setTimeout(() => {
      this.#pause = Math.min(this.#pause * 1.5, MOST_MS);
      const waits = this.items.some((it) => it.state === 'held');
      if (waits && document.visibilityState === 'visible') void this.talk?.readMine().finally(() => this.#again());
      else this.#again();
    }, this.#pause);
  }

  #again(): void {
    if (this.isConnected) this.#askLater();
  }

  async #takeBack({ id }: HeldComment): Promise<void> {
    this.problem = '';
    try {
      await api.delete('/held-comments/{id}', { path: { id } });
    } catch (error) {
      this.problem = textOf(asProblem(error));
    }
    await this.talk?.readMine();
  }

  #hide({ id }: HeldComment): void {
    this.read = [...this.read, id].slice(-50);
    try {
      localStorage.setItem(HIDDEN, JSON.stringify(this.read));
    } catch {
      // Without storage the notice is hidden until the page is left.
    }
  }

  override render() {
    const shown = this.items.filter((it) => !this.read.includes(it.id));
    const waiting = shown.filter((it) => it.state === 'held');
    const rejected = shown.filter((it) => it.state === 'rejected');
    return html`${this.#list(t('held.title', { n: waiting.length }), waiting)}
      ${this.#list(t('held.rejectedTitle'), rejected)}
      <p class="trouble" role="alert">${this.problem}</p>`;
  }

  #list(title: string, items: HeldComment[]) {
    if (!items.length) return nothing;
    return html`<section aria-label=${title}>
      <h3>${title}</h3>
      ${items.map((it, at) => this.#text(it, whyOf(it) === (items[at - 1] && whyOf(items[at - 1]!))))}
    </section>`;
  }

  /** @param told whether the text above has said why already */
  #text(it: HeldComment, told: boolean) {
    const waits = it.state === 'held';
    return html`<article>
      ${told ? nothing : html`<p class="why">${whyOf(it)}</p>`}
      <p class="text" dir="auto">${it.body}</p>
      ${
        waits
          ? html`<button class="quiet" @click=${() => void this.#takeBack(it)}>${t('held.back')}</button>`
          : html`<button class="quiet" @click=${() => this.#hide(it)}>${t('held.read')}</button>`
      }
    </article>`;
  }

  static override styles = [
    tokens,
    controls,
    css`
      section {
        margin-block: 12px;
        border-inline-start: 3px solid var(--line);
        padding-inline-start: 13px;
      }
      h3 {
        font: 600 14px/1.4 var(--ui);
        color: var(--ink-2);
        margin: 0 0 4px;
      }
      article + article {
        margin-block-start: 12px;
      }
      p {
        margin: 0;
      }
      .why {
        font: 14px/1.45 var(--ui);
        color: var(--ink-3);
      }
      .text {
        font: 16px/1.55 var(--read);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      button {
        margin-inline-start: -6px;
      }
      .trouble:empty {
        display: none;
      }
    `,
  ];
}

customElements.define('rostra-held', HeldTexts);
