import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { api } from '../api.js';
import type { Schemas } from '../contract.js';
import { controls } from '../controls.js';
import { asProblem, type ApiProblem } from '../problem.js';
import { problemText } from '../strings/translate.js';
import { signInWords, t } from './words.js';

/** The answer to a redeemed link or code, and the detail of the element's `signed-in` event. */
export type SignedIn = Schemas['Redeemed'];

/** The server does not tell a mistyped code from one that was used or has expired. */
const isWrongCode = ({ status }: ApiProblem): boolean => status === 400 || status === 404;

/** The form that signs in by mail: first the address, then the code. The mail's link can be opened in any tab instead. */
class MailSignIn extends LitElement {
  static override properties = {
    email: { state: true },
    step: { state: true },
    busy: { state: true },
    problem: { state: true },
    sentTimes: { state: true },
  };
  declare email: string;
  declare step: 'address' | 'code';
  declare busy: boolean;
  declare problem: ApiProblem | undefined;
  declare sentTimes: number;

  constructor() {
    super();
    this.email = '';
    this.step = 'address';
    this.busy = false;
    this.problem = undefined;
    this.sentTimes = 0;
  }

  static override styles = [
    controls,
    css`
      form {
        display: grid;
        gap: 12px;
      }
      label {
        display: grid;
        gap: 4px;
        font-weight: 600;
        font-size: 14px;
      }
      input {
        inline-size: 100%;
        font-weight: 400;
        min-block-size: 46px;
        border-color: var(--ink-3);
      }
      .code {
        font-size: 20px;
        letter-spacing: 0.12em;
        text-transform: uppercase;
        font-variant-numeric: tabular-nums;
      }
      .code::placeholder {
        text-transform: none;
      }
      .primary {
        min-block-size: 46px;
        white-space: normal;
      }
      p {
        margin: 0;
        color: var(--ink-2);
      }
      h2 {
        font: 700 19px/1.3 var(--read);
        margin: 0;
      }
      .wrong {
        color: var(--accent);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        margin-inline-start: -6px;
      }
      bdi {
        overflow-wrap: anywhere;
        color: var(--ink);
      }
    `,
  ];

  override render() {
    return this.step === 'address' ? this.#address() : this.#code();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('step') && changed.get('step') !== undefined) this.renderRoot.querySelector('input')?.focus();
  }

  #address() {
    // Firefox would refuse an address at an international domain, which the server takes.
    return html`<form novalidate @submit=${this.#send}>
      <label>
        ${t('mail.address')}
        <input
          type="email"
          name="email"
          autocomplete="email"
          inputmode="email"
          required
          maxlength="254"
          dir="ltr"
          .value=${this.email}
          aria-describedby=${this.problem ? 'wrong' : nothing}
          aria-invalid=${this.problem?.code === 'request.invalid' ? 'true' : nothing}
        />
      </label>
      ${this.#wrong()}
      <button class="primary" aria-disabled=${this.busy}>${this.busy ? t('mail.sending') : t('mail.send')}</button>
    </form>`;
  }

  #code() {
    const wrong = this.problem !== undefined && isWrongCode(this.problem);
    const [before, after] = t('mail.sent', { email: '\u0000' }).split('\u0000');
    return html`<form @submit=${this.#redeem}>
      <h2>${t('mail.sentTitle')}</h2>
      <p role="status">
        ${before}<bdi>${this.email}</bdi>${after} ${this.sentTimes > 1 ? t('mail.sentAgain') : nothing}
      </p>
      <label>
        ${t('mail.code')}
        <input
          class="code"
          name="code"
          autocomplete="one-time-code"
          autocapitalize="characters"
          autocorrect="off"
          spellcheck="false"
          required
          maxlength="20"
          dir="ltr"
          placeholder="XXXX-XXXX"
          aria-describedby=${this.problem ? 'wrong' : nothing}
          aria-invalid=${wrong ? 'true' : nothing}
        />
      </label>
      ${this.#wrong()}
      <button class="primary" aria-disabled=${this.busy}>${this.busy ? t('mail.signingIn') : t('mail.signIn')}</button>
      <div class="row">
        <button type="button" class="quiet" @click=${this.#send}>${t('mail.again')}</button>
        <button type="button" class="quiet" @click=${this.#startOver}>${t('mail.other')}</button>
      </div>
    </form>`;
  }

  #wrong() {
    if (!this.problem) return nothing;
    const text =
      this.step === 'code' && isWrongCode(this.problem) ? t('mail.codeWrong') : problemText(signInWords, this.problem);
    return html`<p id="wrong" class="wrong" role="alert">${text}</p>`;
  }

  readonly #startOver = (): void => {
    this.step = 'address';
    this.problem = undefined;
    this.sentTimes = 0;
  };

  readonly #send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const typed = this.renderRoot.querySelector<HTMLInputElement>('input[name="email"]')?.value.trim();
    if (typed) this.email = typed;
    await this.#run(async () => {
      await api.post('/sign-in-links', { body: { email: this.email } });
      this.sentTimes += 1;
      this.step = 'code';
    });
  };

  readonly #redeem = async (event: Event): Promise<void> => {
    event.preventDefault();
    const input = this.renderRoot.querySelector<HTMLInputElement>('input[name="code"]')!;
    await this.#run(async () => {
      const detail = await api.post('/sign-in-links/redeem', { body: { email: this.email, code: input.value.trim() } });
      this.dispatchEvent(new CustomEvent<SignedIn>('signed-in', { detail, bubbles: true, composed: true }));
    });
    if (this.problem) input.select();
  };

  /** Runs one request at a time; a second press while it runs does nothing. */
  async #run(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      await work();
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.busy = false;
  }
}

customElements.define('rostra-mail-sign-in', MailSignIn);

declare global {
  interface HTMLElementTagNameMap {
    'rostra-mail-sign-in': MailSignIn;
  }
}
