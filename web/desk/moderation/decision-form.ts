import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { controls } from '../../shared/controls.js';
import { OTHER } from './moderation.api.js';
import { keyCap } from '../shell/key-cap.styles.js';
import { t, why } from './words.js';

const KEYS = { keep: 'K', remove: 'R', restore: 'S', approve: 'A', reject: 'R' } as const;

/** What a moderator can do with an open case. */
export type Act = keyof typeof KEYS;

/** A case as far as the form needs it. */
export interface FormSubject {
  id: string;
  /** The article's address, whose site has the reasons. */
  url: string;
  /** What can be done, in the order of the buttons. */
  acts: readonly Act[];
  /** The reasons that were reported, each as often as it was. */
  reported: readonly string[];
}

/** The detail of the form's event `decide`. */
export interface FormDecision {
  action: Act;
  reason?: string;
  note?: string;
}

/** Removing and rejecting ask for a reason. */
const asksReason = (act: Act): boolean => act === 'remove' || act === 'reject';

/** The reason that most reports give, which Enter takes; without reports it is the first. */
function suggestedReason({ reported }: FormSubject, reasons: readonly string[]): string {
  const count = (reason: string) => reported.filter((it) => it === reason).length;
  return [...reasons].sort((a, b) => count(b) - count(a))[0] ?? OTHER;
}

/**
 * The buttons that decide the open case. Each shows its key. Removing and rejecting ask for a reason: the number or button of a
 * reason decides at once, and Enter takes the selected one. Fires `decide`, `undo` and `next`.
 */
export class DecisionForm extends LitElement {
  static override properties = {
    item: { attribute: false },
    reasons: { attribute: false },
    canUndo: { type: Boolean },
    removing: { state: true },
    selected: { state: true },
  };
  declare item: FormSubject | undefined;
  /** The ids of the reasons, in their order. */
  declare reasons: readonly string[];
  declare canUndo: boolean;
  declare removing: boolean;
  declare selected: string;
  #returnFocus = false;

  constructor() {
    super();
    this.item = undefined;
    this.reasons = [OTHER];
    this.canUndo = false;
    this.removing = false;
    this.selected = OTHER;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('item') as FormSubject | undefined;
    if (changed.has('item') && before?.id !== this.item?.id) this.removing = false;
    if (!this.item?.acts.some(asksReason)) this.removing = false;
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has('removing')) return;
    if (this.removing) this.renderRoot.querySelector<HTMLElement>('.selected')?.focus();
    else if (this.#returnFocus) this.renderRoot.querySelector<HTMLElement>('.remove, .reject')?.focus();
    this.#returnFocus = false;
  }

  /** Handles a key; `typing` is true while a text field has the focus. @returns whether the key was meant for the form */
  press(key: string, typing: boolean): boolean {
    if (this.removing) return this.#pressWhileRemoving(key, typing);
    const act = this.item?.acts.find((it) => KEYS[it].toLowerCase() === key);
    if (act) this.#begin(act);
    else if (key === 'z') this.#fire('undo');
    else return false;
    return true;
  }

  #pressWhileRemoving(key: string, typing: boolean): boolean {
    if (key === 'escape') {
      this.#cancel();
      return true;
    }
    if (typing) return false;
    if (key === 'enter' && !this.matches(':focus-within')) {
      this.#remove(this.selected);
      return true;
    }
    const chosen = this.reasons[Number(key) - 1];
    if (chosen) {
      this.#remove(chosen);
      return true;
    }
    const step = { arrowright: 1, arrowdown: 1, arrowleft: -1, arrowup: -1 }[key];
    if (step) this.#select(step);
    // While a reason is asked for, letters neither decide nor open another case.
    return Boolean(step) || /^[a-z]$/.test(key);
  }

  #select(step: number): void {
    const { length } = this.reasons;
    const index = this.reasons.indexOf(this.selected) + step;
    this.selected = this.reasons[(index + length) % length] ?? OTHER;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.selected')?.focus());
  }

  readonly #startRemoving = (): void => {
    if (!this.item) return;
    this.selected = suggestedReason(this.item, this.reasons);
    this.removing = true;
  };

  readonly #cancel = (): void => {
    this.#returnFocus = true;
    this.removing = false;
  };

  #remove(reason: string): void {
    const note = this.renderRoot.querySelector<HTMLInputElement>('input')?.value.trim();
    this.removing = false;
    const action = this.item?.acts.find(asksReason);
    if (action) this.#fire('decide', { action, reason, ...(note ? { note } : {}) });
  }

  readonly #why = (reason: string): string => why(reason, this.item?.url);

  #begin(act: Act): void {
    if (asksReason(act)) this.#startRemoving();
    else this.#fire('decide', { action: act });
  }

  #fire(name: string, detail?: FormDecision): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  override render() {
    return html`<div role="group" aria-label=${t('action.label')}>
      ${this.removing ? this.#reasons() : this.#decisions()}
    </div>`;
  }

  #decisions() {
    return html`<div class="bar">
      ${this.item?.acts.map((it) => this.#button(it, KEYS[it], () => this.#begin(it), it === 'keep' || it === 'reject' ? '' : 'primary'))}
      ${this.item ? this.#button('next', 'J', () => this.#fire('next'), 'quiet') : nothing}
      <button
        class="quiet undo"
        aria-disabled=${!this.canUndo}
        aria-keyshortcuts="z"
        @click=${() => this.canUndo && this.#fire('undo')}
      >
        ${t('act.undo')}<kbd aria-hidden="true">Z</kbd>
      </button>
    </div>`;
  }

  #button(act: Act | 'next', key: string, run: () => void, kind = '') {
    return html`<button class="${act} ${kind}" aria-keyshortcuts=${key.toLowerCase()} @click=${run}>
      ${t(`act.${act}`)}<kbd aria-hidden="true">${key}</kbd>
    </button>`;
  }

  #reasons() {
    const title = this.item?.acts.includes('reject') ? t('reject.title') : t('remove.title');
    const hint = this.item?.acts.includes('reject') ? 'reject.noteHint' : 'remove.noteHint';
    return html`<form
      @submit=${(event: Event) => {
        event.preventDefault();
        this.#remove(this.selected);
      }}
    >
      <div class="bar" role="group" aria-label=${title}>
        <span class="lead">${title}</span>
        ${this.reasons.map(
          (it, index) =>
            html`<button
              type="button"
              class=${it === this.selected ? 'primary selected' : ''}
              aria-keyshortcuts=${index < 9 ? index + 1 : nothing}
              @click=${() => this.#remove(it)}
            >
              ${this.#why(it)}${index < 9 ? html`<kbd aria-hidden="true">${index + 1}</kbd>` : nothing}
            </button>`,
        )}
      </div>
      <div class="bar">
        <input
          name="note"
          maxlength="500"
          autocomplete="off"
          placeholder=${t('remove.note')}
          aria-label=${t('remove.note')}
          aria-describedby="hint"
        />
        <span class="sr" id="hint">${t(hint, { reason: this.#why(this.selected) })}</span>
        <button type="button" class="quiet" @click=${this.#cancel}>
          ${t('action.cancel')}<kbd aria-hidden="true">Esc</kbd>
        </button>
      </div>
    </form>`;
  }

  static override styles = [
    controls,
    keyCap,
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
      }
      form {
        display: grid;
        gap: 8px;
      }
      .lead {
        font-size: 14px;
        color: var(--ink-2);
        inline-size: 100%;
      }
      .undo {
        margin-inline-start: auto;
        color: var(--ink-3);
      }
      input {
        flex: 1 1 12em;
        min-inline-size: 0;
      }
      @media (hover: none) {
        kbd {
          display: none;
        }
        button:not(.quiet) {
          min-block-size: 46px;
        }
        .quiet {
          min-block-size: 40px;
        }
      }
    `,
  ];
}

customElements.define('desk-decision-form', DecisionForm);

declare global {
  interface HTMLElementTagNameMap {
    'desk-decision-form': DecisionForm;
  }
}
