import { html, nothing } from 'lit';
import { api } from '../../shared/api.js';
import { controls } from '../../shared/controls.js';
import { asProblem, type ApiProblem } from '../../shared/problem.js';
import { tokens } from '../../shared/tokens.js';
import { canonicalUrl } from '../common/article-key.js';
import { IsolatedElement } from '../common/isolated-element.js';
import { session } from '../common/page.js';
import { filled, textOf } from '../common/strings.js';
import { dialogStyles } from './dialog-styles.js';
import { t, type WhySignIn } from './dialog-words.js';

/** A reader waits this long before asking for the mail again, unless the server says otherwise. */
const RESEND_SECONDS = 30;

/** Returns the letters and digits of a typed code, also of full-width ones. */
const signsOf = (code: string): string => code.normalize('NFKC').replace(/[^0-9a-z]/gi, '');

type Step = 'signIn' | 'register' | 'mail';

/** Registers or signs in by mail without leaving the page. This page signs in wherever the mail's link is opened. */
export class SignInDialog extends IsolatedElement {
  static override properties = {
    why: {},
    step: { state: true },
    busy: { state: true },
    problem: { state: true },
    fieldError: { state: true },
    wait: { state: true },
    sentAgain: { state: true },
  };
  static override styles = [tokens, controls, dialogStyles];
  /** What the reader wanted to do. */
  declare why: WhySignIn;
  declare step: Step;
  declare busy: boolean;
  declare problem: ApiProblem | undefined;
  declare fieldError: string;
  /** Seconds until the mail may be asked for again. */
  declare wait: number;
  declare sentAgain: boolean;
  #email = '';
  #pressedOutside = false;
  #displayName = '';
  #asked: 'signIn' | 'register' = 'signIn';
  #timer: ReturnType<typeof setInterval> | undefined;
  #done: (signedIn: boolean) => void = () => undefined;
  #unsubscribe: (() => void) | undefined;

  constructor() {
    super();
    this.why = 'why';
    this.step = 'signIn';
    this.busy = false;
    this.fieldError = '';
    this.wait = 0;
    this.sentAgain = false;
  }

  /** Opens the dialog. Resolves when somebody is signed in, here or in another tab, or when the reader closes it. */
  async ask(): Promise<boolean> {
    const answer = new Promise<boolean>((done) => (this.#done = done));
    await this.updateComplete;
    this.#dialog.showModal();
    this.#unsubscribe = session.onChange(() => {
      if (session.account) this.#dialog.close();
    });
    return answer;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.#unsubscribe?.();
  }

  get #dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!;
  }

  override render() {
    const title = { signIn: 'dialog.signIn', register: 'dialog.register', mail: 'dialog.mailTitle' } as const;
    return html`<dialog
      aria-labelledby="title"
      @close=${() => this.#done(!!session.account)}
      @pointerdown=${this.#pressed}
      @click=${this.#outside}
    >
      <form novalidate @submit=${this.#submitted}>
        <button type="button" class="quiet x" aria-label=${t('action.close')} @click=${() => this.#dialog.close()}>
          ✕
        </button>
        <h2 id="title">${t(title[this.step])}</h2>
        ${this.step === 'mail' ? this.#mailStep() : this.#addressStep()}
      </form>
    </dialog>`;
  }

  #problemText() {
    const text = this.fieldError || (this.problem ? textOf(this.problem) : '');
    return html`<p class="problem" id="problem" role="alert">${text}</p>`;
  }

  #addressStep() {
    const register = this.step === 'register';
    return html`<p>${t(`dialog.${this.why}`)}</p>
      <label
        >${t('dialog.email')}
        <input
          name="email"
          type="email"
          inputmode="email"
          autocomplete="email"
          autofocus
          maxlength="254"
          aria-invalid=${this.fieldError === t('dialog.badEmail')}
          aria-describedby="problem"
          .value=${this.#email}
          @input=${(event: Event) => (this.#email = (event.target as HTMLInputElement).value)}
        />
      </label>
      ${
        register
          ? html`<label
              >${t('dialog.name')}
              <input
                name="displayName"
                autocomplete="nickname"
                maxlength="64"
                aria-invalid=${this.fieldError === t('dialog.badName')}
                dir="auto"
                aria-describedby="name-hint problem"
                .value=${this.#displayName}
                @input=${(event: Event) => (this.#displayName = (event.target as HTMLInputElement).value)}
              />
              <small id="name-hint">${t('dialog.nameHint')}</small>
            </label>`
          : nothing
      }
      ${this.#problemText()}
      <button class="primary wide" aria-disabled=${this.busy}>${t(register ? 'dialog.create' : 'dialog.send')}</button>
      <button type="button" class="quiet other" @click=${() => this.#go(register ? 'signIn' : 'register')}>
        ${t(register ? 'dialog.toSignIn' : 'dialog.toRegister')}
      </button>`;
  }

  #mailStep() {
    const words = this.#asked === 'register' ? 'dialog.mailRegister' : 'dialog.mailSignIn';
    return html`<p>${filled(t(words), { email: html`<b><bdi>${this.#email}</bdi></b>` })} ${t('dialog.stays')}</p>
      <label
        >${t('dialog.code')}
        <input
          name="code"
          class="code"
          autocomplete="one-time-code"
          autocapitalize="characters"
          spellcheck="false"
          autofocus
          maxlength="20"
          aria-invalid=${this.fieldError === t('dialog.badCode') || this.problem?.code === 'link.invalid'}
          placeholder="XXXX-XXXX"
          aria-describedby="problem"
          @paste=${this.#pasted}
        />
      </label>
      ${this.#problemText()}
      <button class="primary wide" aria-disabled=${this.busy}>${t('dialog.redeem')}</button>
      <div class="again">
        ${
          this.wait > 0
            ? html`<span>${t('dialog.againIn', { n: this.wait })}</span>`
            : html`<button type="button" class="quiet" @click=${() => void this.#sendMail(true)}>
                ${t('dialog.again')}
              </button>`
        }
        <button type="button" class="quiet" @click=${() => this.#go(this.#asked)}>${t('dialog.change')}</button>
      </div>
      <p class="sent" role="status">${this.sentAgain ? t('dialog.sentAgain') : ''}</p>`;
  }

  #go(step: Step): void {
    this.step = step;
    this.problem = undefined;
    this.fieldError = '';
    this.sentAgain = false;
    void this.updateComplete.then(() => this.renderRoot.querySelector('input')?.focus());
  }

  readonly #submitted = (event: Event) => {
    event.preventDefault();
    if (this.busy) return;
    void (this.step === 'mail' ? this.#redeem() : this.#sendMail(false));
  };

  #fail(message: string, field: string): void {
    this.fieldError = message;
    this.renderRoot.querySelector<HTMLElement>(`[name=${field}]`)?.focus();
  }

  async #sendMail(again: boolean): Promise<void> {
    const email = this.#email.trim();
    const displayName = this.#displayName.trim();
    const how = again ? this.#asked : this.step === 'register' ? 'register' : 'signIn';
    if (!/^\S+@\S+\.\S+$/.test(email)) return this.#fail(t('dialog.badEmail'), 'email');
    const length = Array.from(displayName).length;
    if (how === 'register' && (length < 2 || length > 32)) return this.#fail(t('dialog.badName'), 'displayName');
    await this.#work(async () => {
      const returnUrl = canonicalUrl(document, location.href);
      await (how === 'register'
        ? api.post('/accounts', { body: { email, displayName, returnUrl } })
        : api.post('/sign-in-links', { body: { email, returnUrl } }));
      this.#email = email;
      this.#asked = how;
      if (!again) this.#go('mail');
      this.sentAgain = again;
      this.#countDown(RESEND_SECONDS);
    });
  }

  async #redeem(): Promise<void> {
    const code = this.renderRoot.querySelector<HTMLInputElement>('[name=code]')?.value ?? '';
    if (signsOf(code).length !== 8) return this.#fail(t('dialog.badCode'), 'code');
    await this.#work(async () => {
      const body = { email: this.#email, code: code.trim() };
      await session.signIn(api.post('/sign-in-links/redeem', { body }));
    });
    if (this.problem) this.renderRoot.querySelector('input')?.select();
  }

  async #work(task: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    this.fieldError = '';
    try {
      await task();
    } catch (error) {
      this.problem = asProblem(error);
      if (this.problem.retryAfterSeconds && this.step === 'mail') this.#countDown(this.problem.retryAfterSeconds);
    }
    this.busy = false;
  }

  #countDown(seconds: number): void {
    clearInterval(this.#timer);
    this.wait = Math.ceil(seconds);
    this.#timer = setInterval(() => {
      this.wait -= 1;
      if (this.wait <= 0) clearInterval(this.#timer);
    }, 1000);
  }

  /** A pasted code is complete, so it is sent at once. */
  readonly #pasted = (event: ClipboardEvent) => {
    const code = signsOf(event.clipboardData?.getData('text') ?? '');
    if (code.length !== 8) return;
    event.preventDefault();
    (event.target as HTMLInputElement).value = `${code.slice(0, 4)}-${code.slice(4)}`.toUpperCase();
    void this.#redeem();
  };

  readonly #pressed = (event: Event) => (this.#pressedOutside = event.target === this.#dialog);

  /** Closes the dialog on a press beside it, unless a selection ends there or the code of the mail is awaited. */
  readonly #outside = (event: MouseEvent) => {
    if (this.#pressedOutside && event.target === this.#dialog && this.step !== 'mail') this.#dialog.close();
  };
}

if (!customElements.get('rostra-sign-in')) customElements.define('rostra-sign-in', SignInDialog);
