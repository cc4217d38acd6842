import '../../shared/sign-in/mail-sign-in.js';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { api } from '../../shared/api.js';
import type { Account, Schemas } from '../../shared/contract.js';
import { controls } from '../../shared/controls.js';
import { Poll } from '../../shared/page/poll.js';
import { PageSession } from '../../shared/page/session.js';
import { adoptTokens, sheet } from '../../shared/page-styles.js';
import { asProblem, type ApiProblem, isWorthRetrying } from '../../shared/problem.js';
import { safeReturn } from '../../shared/return-url.js';
import { setTitle } from '../../shared/site.js';
import type { SignedIn } from '../../shared/sign-in/mail-sign-in.js';
import { problemText } from '../../shared/strings/translate.js';
import { takeToken } from './link-token.js';
import { pageWords, rich, t } from './words.js';

/** The session is read more often while the link of a mail may be opened in another window. */
const AWAITING_MS = 3000;
const RESTING_MS = 15_000;

type LinkPreview = Schemas['LinkPreview'];
type SignInStep = 'form' | 'ask' | 'gone' | 'done';

/** The page to which the links in mails lead. It waits for a press of its button; without a link it is a form. */
class SignInPage extends LitElement {
  static override properties = {
    view: { state: true },
    busy: { state: true },
    problem: { state: true },
    account: { state: true },
    preview: { state: true },
  };
  declare view: SignInStep;
  declare busy: boolean;
  declare problem: ApiProblem | undefined;
  declare account: Account | null;
  declare preview: LinkPreview | undefined;
  #token: string | null = null;
  #returnTo: URL | undefined;
  #returnTitle: string | null = null;
  readonly #session = new PageSession();
  #poll: Poll | undefined;
  #unsubscribe = (): void => {};

  constructor() {
    super();
    this.view = 'form';
    this.busy = false;
    this.problem = undefined;
    this.account = null;
    this.preview = undefined;
  }

  static override styles = [controls, sheet];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#readToken();
    // The link of a second mail, opened in this tab, changes only the hash.
    window.addEventListener('hashchange', this.#readToken);
    this.#unsubscribe = this.#session.onChange(() => this.#follow());
    // A hidden page rests: the session is read as soon as it is shown again.
    this.#poll = new Poll(
      () => (this.view === 'form' || this.view === 'gone' ? AWAITING_MS : RESTING_MS),
      () => (document.hidden ? Promise.resolve() : this.#session.check()),
    );
    this.#poll.later();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.#readToken);
    this.#unsubscribe();
    this.#poll?.stop();
  }

  readonly #readToken = (): void => {
    const token = takeToken();
    if (!token) return;
    this.#token = token;
    this.problem = undefined;
    this.preview = undefined;
    this.view = 'ask';
    void this.#readPreview(token);
  };

  /** Reads whose account the link opens, because a stranger may have sent a link to an account of theirs. */
  async #readPreview(token: string): Promise<void> {
    try {
      const preview = await api.post('/sign-in-links/preview', { body: { token } });
      if (this.#token === token) this.preview = preview;
    } catch (error) {
      const problem = asProblem(error);
      if (this.#token !== token) return;
      if (problem.status === 400) this.#linkIsGone();
      else this.problem = problem;
    }
  }

  #linkIsGone(): void {
    this.#token = null;
    this.view = 'gone';
    this.#follow(); // The reader may be signed in already, and the session notifies of changes only.
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has('view')) return;
    setTitle(this.#title());
    // After a press the news is read out and the keyboard continues from it; the first view leaves the focus alone.
    if (changed.get('view') !== undefined) this.renderRoot.querySelector('h1')?.focus();
  }

  #title(): string {
    return t(
      (
        {
          form: 'sign-in.titleForm',
          ask: 'sign-in.titleAsk',
          gone: 'sign-in.titleGone',
          done: 'sign-in.titleDone',
        } as const
      )[this.view],
    );
  }

  override render() {
    return html`<main class="sheet">
      <rostra-site-head></rostra-site-head>
      <div class="card">
        <h1 tabindex="-1">${this.#title()}</h1>
        ${this.#body()}
      </div>
    </main>`;
  }

  #body() {
    switch (this.view) {
      case 'form':
        return this.#form(t('sign-in.textForm'));
      case 'gone':
        return this.#form(t('sign-in.textGone'));
      case 'ask':
        return this.#ask();
      case 'done':
        return this.#done();
    }
  }

  #form(text: string) {
    return html`<p>${text}</p>
      <rostra-mail-sign-in @signed-in=${this.#signedIn}></rostra-mail-sign-in>`;
  }

  /** A failure that is worth retrying leaves the link unused. */
  #ask() {
    return html`<p>${t('sign-in.textAsk')}</p>
      ${this.#whose()}
      ${this.problem ? html`<p role="alert">${problemText(pageWords, this.problem)} ${isWorthRetrying(this.problem) ? t('sign-in.kept') : nothing}</p>` : nothing}
      <button class="primary big" aria-disabled=${this.busy} @click=${this.#redeem}>
        ${this.busy ? t('sign-in.working') : t('sign-in.confirm')}
      </button>
      <p class="small">${t('sign-in.notYou')}</p>`;
  }

  /** Says whose account the button opens, and who is signed in until then. A new account's name can be changed. */
  #whose() {
    const { preview } = this;
    if (!preview) return nothing;
    const { email, account, displayName } = preview;
    const now = this.#session.account;
    const person = (name: string) => html`<b><bdi>${name}</bdi></b>`;
    return html`<p>
        ${
          account
            ? rich('sign-in.opens', { name: person(account.displayName), email: person(email) })
            : rich('sign-in.makes', { email: person(email) })
        }
        ${now ? rich('sign-in.endsOther', { name: person(now.displayName) }) : nothing}
      </p>
      ${
        account
          ? nothing
          : html`<label>${t('sign-in.name')}<input id="name" maxlength="64" .value=${displayName ?? ''} /></label>`
      }`;
  }

  #done() {
    const staff = this.account !== null && this.account.role !== 'reader';
    const back = this.#returnTo;
    return html`<p role="status">${t('sign-in.textDone', { name: this.account?.displayName ?? '' })}</p>
      ${this.account?.emailVerified === false ? html`<p>${t('sign-in.unverified')}</p>` : nothing}
      ${staff ? html`<a class="big primary" href="/desk">${t('sign-in.desk')}</a>` : nothing}
      ${
        back
          ? html`<a class=${staff ? 'big' : 'big primary'} href=${back.href}
              >${
                this.#returnTitle
                  ? html`${t('sign-in.backTo')} <bdi>${this.#returnTitle}</bdi>`
                  : t('sign-in.back', { host: back.host })
              }</a
            >`
          : nothing
      }
      ${staff || back ? nothing : html`<p class="small">${t('sign-in.close')}</p>`}
      <p class="small"><button class="quiet" @click=${this.#signOut}>${t('sign-in.signOut')}</button></p>`;
  }

  readonly #redeem = async (): Promise<void> => {
    if (this.busy || !this.#token) return;
    this.busy = true;
    this.problem = undefined;
    try {
      this.#begin(await api.post('/sign-in-links/redeem', { body: { token: this.#token, ...this.#chosenName() } }));
    } catch (error) {
      const problem = asProblem(error);
      // 404 and 400 say that the token is used up. After any other answer it can be tried again.
      if (problem.status === 400 || problem.status === 404) {
        this.#linkIsGone();
      } else this.problem = problem;
    }
    this.busy = false;
  };

  #chosenName(): { displayName?: string } {
    const name = this.renderRoot.querySelector<HTMLInputElement>('#name')?.value.trim();
    return name ? { displayName: name } : {};
  }

  readonly #signedIn = (event: CustomEvent<SignedIn>): void => this.#begin(event.detail);

  #begin(signedIn: SignedIn): void {
    this.#show(signedIn);
    this.#session.set(signedIn.account, { announce: true });
  }

  #show({ account, returnTo, returnTitle }: SignedIn): void {
    this.#token = null;
    this.account = account;
    this.#returnTo = safeReturn(returnTo);
    this.#returnTitle = returnTitle;
    this.view = 'done';
  }

  readonly #signOut = async (): Promise<void> => {
    await this.#session.signOut().catch(() => this.#session.refresh({ announce: true }));
  };

  /** Shows a session that began or ended in another tab. */
  #follow(): void {
    const { account } = this.#session;
    if (account && (this.view === 'form' || this.view === 'gone'))
      this.#show({ account, returnTo: null, returnTitle: null });
    if (account === null && this.view === 'done') this.view = 'form';
  }
}

adoptTokens();
customElements.define('rostra-sign-in', SignInPage);
