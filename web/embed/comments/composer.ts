import { html, LitElement, nothing } from 'lit';
import { newKey } from '../../shared/api.js';
import { countGraphemes } from '../../shared/strings/formats.js';
import { controls } from '../../shared/controls.js';
import { asProblem, type ApiProblem } from '../../shared/problem.js';
import { tokens } from '../../shared/tokens.js';
import { composerStyles } from './composer.styles.js';
import { type DraftOwner, drafts } from './drafts.js';
import { live, session } from '../common/page.js';
import { t, textOf } from '../common/strings.js';
import { longest } from './longest.js';

/** Empties the field, because its comment is on the page. @returns false if another text is written by now */
export type Arrived = () => boolean;

/** From here on the reader sees how many characters are left. */
const SHOW_LEFT = 500;

/** Returns how many characters a text has too many, below zero how many are left. Short texts need no exact count. */
function overOf(text: string): number {
  const over = text.length - longest.characters;
  return over > -SHOW_LEFT ? countGraphemes(text) - longest.characters : over;
}

/**
 * A field to write in. It keeps its draft under `name` until the text is sent, sends each text under one
 * Idempotency-Key, and asks the reader to sign in only when the text is to be sent.
 */
export class Composer extends LitElement {
  static override properties = {
    name: {},
    label: {},
    invite: {},
    to: {},
    action: {},
    text: { state: true },
    open: { type: Boolean },
    cancelable: { type: Boolean },
    closed: { type: Boolean },
    busy: { state: true },
    problem: { state: true },
    fieldError: { state: true },
  };

  /** The name under which the draft is kept. */
  declare name: string;
  declare label: string;
  declare invite: string;
  /** The name of the author whom a reply answers. */
  declare to: string | undefined;
  declare action: string;
  declare open: boolean;
  declare cancelable: boolean;
  /** The conversation takes no more comments. An unsent text stays readable, and an empty field is left out. */
  declare closed: boolean;
  declare text: string;
  declare busy: boolean;
  declare problem: ApiProblem | undefined;
  declare fieldError: string;
  /** The text that an edit begins with. */
  original = '';
  /** Sends the text. A rejection is shown here and the text stays. */
  send: (text: string, key: string, arrived: Arrived) => Promise<void> = () => Promise.resolve();
  /** Asks a signed-out reader to sign in; resolves to whether somebody is signed in now. */
  signIn: () => Promise<boolean> = () => Promise.resolve(false);
  #key: string | undefined;
  /** The reader whose text is in the field. */
  #owner: DraftOwner = null;
  #typedIn = false;
  #stops: (() => void)[] = [];

  constructor() {
    super();
    Object.assign(this, { name: '', label: '', invite: '', action: '', text: '', fieldError: '' });
    this.open = false;
    this.cancelable = false;
    this.closed = false;
    this.busy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stops = [
      session.onChange(() => {
        this.#changeOwner();
        this.requestUpdate();
      }),
      live.onChange(() => {
        if (live.isOnline && this.problem?.offline) this.problem = undefined;
      }),
    ];
    this.#owner = session.owner;
    if (this.name) this.readDraft();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops) stop();
  }

  /** Shows the draft that is kept now. */
  readDraft(): void {
    const { text, key } = drafts.read(this.name, this.#owner);
    this.text = text || this.original;
    this.#key = key;
    this.#typedIn = false;
    if (text) this.open = true;
  }

  /** Shows the text of the reader who is at the page now. Who signs in takes along what they wrote before. */
  #changeOwner(): void {
    const before = this.#owner;
    if (session.owner === before) return;
    this.#owner = session.owner;
    if (!this.name) return;
    if (before === null) drafts.move(this.name, before, this.name, session.owner);
    if (!this.busy) this.readDraft();
  }

  override focus(): void {
    this.open = true;
    void this.updateComplete.then(() => {
      const field = this.#field;
      field?.focus();
      field?.setSelectionRange(field.value.length, field.value.length);
    });
  }

  get #field(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector('textarea');
  }

  override render() {
    if (this.closed && !this.text.trim()) return nothing;
    const over = overOf(this.text);
    const note = this.closed ? t('write.closed') : this.problem ? textOf(this.problem) : this.fieldError;
    return html`<form @submit=${this.#submitted} class=${this.open ? 'open' : ''}>
      <textarea
        dir="auto"
        rows=${this.open ? 3 : 1}
        aria-label=${this.label}
        placeholder=${this.invite}
        aria-describedby="note"
        aria-invalid=${over > 0 || this.problem ? 'true' : 'false'}
        .value=${this.text}
        ?readonly=${this.busy}
        @input=${this.#typed}
        @focus=${() => (this.open = true)}
        @keydown=${this.#keyPressed}
      ></textarea>
      <p id="note" class="problem" role="alert">${note}</p>
      <div class="row" ?hidden=${!this.open || this.closed}>
        <button class="primary" aria-disabled=${this.busy || over > 0 ? 'true' : 'false'} title=${t('write.keys')}>
          ${session.account === null ? t('write.signIn') : this.action}
        </button>
        ${
          this.cancelable
            ? html`<button type="button" class="quiet" @click=${this.#cancel}>${t('action.cancel')}</button>`
            : nothing
        }
        <span class="left" role="status"
          >${over > -SHOW_LEFT ? (over > 0 ? t('write.over', { n: over }) : t('write.left', { n: -over })) : nothing}</span
        >
      </div>
    </form>`;
  }

  readonly #typed = (event: InputEvent) => {
    this.text = (event.target as HTMLTextAreaElement).value;
    this.#typedIn = true;
    this.fieldError = '';
    this.problem = undefined;
    this.#key = undefined; // Another text needs another key.
    this.#saveDraft();
  };

  readonly #keyPressed = (event: KeyboardEvent) => {
    // The keys of an input method choose its words. Safari ends the composition before its last key, whose code is 229.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void this.#submit();
    else if (event.key === 'Escape' && this.cancelable && !(this.#typedIn && this.text.trim())) this.#cancel();
    else return;
    event.preventDefault();
  };

  readonly #submitted = (event: Event) => {
    event.preventDefault();
    void this.#submit();
  };

  async #submit(): Promise<void> {
    if (this.busy || this.closed || overOf(this.text) > 0) return;
    if (!this.text.trim()) {
      this.fieldError = t('write.empty');
      return this.focus();
    }
    if (session.account === null) {
      try {
        if (await this.signIn()) this.focus();
      } catch (error) {
        this.problem = asProblem(error);
      }
      return;
    }
    // The field is read-only until the answer, so text and key stay those that were sent.
    const owner = this.#owner;
    this.busy = true;
    this.problem = undefined;
    const key = (this.#key ??= newKey());
    this.#saveDraft();
    try {
      const arrived = () => {
        // A reply that was closed and opened again is written in another field, which shares only the draft.
        if (this.#key !== key || !(this.isConnected || drafts.read(this.name, owner).key === key)) return false;
        this.#empty(owner, key);
        return true;
      };
      await this.send(this.text, key, arrived).then(arrived);
    } catch (error) {
      this.problem = asProblem(error);
      // The session ended meanwhile: refreshing it offers to sign in, and the text stays.
      if (this.problem.status === 401) void session.refresh();
      // The key is kept only when the text may have arrived, or is still on its way.
      const { offline, status, retryAfterSeconds } = this.problem;
      if (!offline && status < 500 && retryAfterSeconds === undefined) this.#key = undefined;
    }
    this.busy = false;
  }

  #empty(owner: DraftOwner, key: string): void {
    this.text = '';
    this.problem = undefined;
    this.#key = undefined;
    // Another tab may have kept another text by now.
    for (const it of [owner, this.#owner]) if (drafts.read(this.name, it).key === key) drafts.clear(this.name, it);
    this.open = false;
  }

  readonly #cancel = () => {
    // A reply that was cancelled can be taken up again, and an edit leaves the comment as it is.
    if (this.original) drafts.clear(this.name, this.#owner);
    this.dispatchEvent(new Event('cancel'));
  };

  #saveDraft(): void {
    const { name, to } = this;
    const text = this.text === this.original ? '' : this.text;
    if (name) drafts.write(name, { text, ...(this.#key && { key: this.#key }), ...(to && { to }) }, this.#owner);
  }

  static override styles = [tokens, controls, composerStyles];
}
