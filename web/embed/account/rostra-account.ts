import { css, html, nothing } from 'lit';
import { controls } from '../../shared/controls.js';
import { asProblem } from '../../shared/problem.js';
import { base } from '../../shared/origin.js';
import { tokens } from '../../shared/tokens.js';
import { hasNews, onSeen, readFeed } from './followed-feed.js';
import { live, session } from '../common/page.js';
import { IsolatedElement } from '../common/isolated-element.js';
import { t, textOf } from '../common/strings.js';
import { signIn, signInDialog } from './sign-in.js';

/** The feed is read at most this often for the dot: after a live event, and without a live connection. */
const NOTIFIED_MS = 3_000;
const POLLED_MS = 15_000;

/**
 * `<rostra-account following-url="/following">` shows a button to sign in, or the account menu of the signed-in reader.
 */
export class RostraAccount extends IsolatedElement {
  static override properties = {
    followingUrl: { attribute: 'following-url' },
    open: { state: true },
    news: { state: true },
    trouble: { state: true },
  };
  declare followingUrl: string | undefined;
  declare open: boolean;
  declare news: boolean;
  /** The text of the problem when signing in or out failed. */
  declare trouble: string;
  #checkedAt = -Infinity;
  #later: ReturnType<typeof setTimeout> | undefined;
  readonly #stops: (() => void)[] = [];

  constructor() {
    super();
    this.open = false;
    this.news = false;
    this.trouble = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    live.start();
    const outside = (event: Event) => {
      if (this.open && !event.composedPath().includes(this)) this.open = false;
    };
    addEventListener('click', outside);
    this.#stops.push(
      () => removeEventListener('click', outside),
      () => clearTimeout(this.#later),
      session.onChange(() => {
        this.news = false;
        this.trouble = '';
        this.#checkedAt = -Infinity;
        this.#checkFeed();
        this.requestUpdate();
      }),
      onSeen(() => {
        this.#checkedAt = -Infinity;
        this.#checkFeed();
      }),
      live.on('feed', () => this.#checkFeed()),
    );
    this.#checkFeed();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) stop();
  }

  override render() {
    const { account } = session;
    // Until the session is known, an invisible button keeps the place.
    if (!account)
      return html`<button
          class="in ${account === undefined ? 'unknown' : ''}"
          @pointerover=${() => signInDialog.prefetch()}
          @focus=${() => signInDialog.prefetch()}
          @click=${() => this.#attempt(() => signIn(this))}
        >
          ${t('account.signIn')}</button
        >${this.#troubleText()}`;
    const name = account.displayName;
    return html`<div class="me" @keydown=${this.#keyPressed} @focusout=${this.#focusLeft}>
      <button
        class="quiet name"
        aria-expanded=${this.open}
        aria-label=${t(this.news ? 'account.menuNew' : 'account.menu', { name })}
        @click=${() => (this.open = !this.open)}
      >
        <bdi>${name}</bdi>${this.news ? html`<span class="dot"></span>` : nothing}
      </button>
      ${this.open ? this.#menu() : nothing}${this.#troubleText()}
    </div>`;
  }

  #troubleText() {
    return html`<p class="trouble" role="alert">${this.trouble}</p>`;
  }

  #attempt(act: () => Promise<unknown>): void {
    this.trouble = '';
    act().catch((error: unknown) => {
      this.trouble = textOf(asProblem(error));
      return session.refresh();
    });
  }

  #menu() {
    const staff = session.account?.role !== 'reader';
    return html`<div class="sheet">
      ${
        this.followingUrl
          ? html`<a href=${this.followingUrl}
              >${t('account.following')}${
                this.news
                  ? html`<span class="dot"></span><span class="sr">${t('account.somethingNew')}</span>`
                  : nothing
              }</a
            >`
          : nothing
      }
      ${staff ? html`<a href="${base}desk">${t('account.desk')}</a>` : nothing}
      <button class="quiet" @click=${this.#signOut}>${t('account.signOut')}</button>
    </div>`;
  }

  /** Checks whether followed readers wrote something new, at a limited rate however many events arrive. */
  #checkFeed(): void {
    if (!this.followingUrl || !session.account) return;
    clearTimeout(this.#later);
    const wait = this.#checkedAt + (live.state === 'live' ? NOTIFIED_MS : POLLED_MS) - performance.now();
    if (wait > 0) {
      this.#later = setTimeout(() => this.#checkFeed(), wait);
      return;
    }
    this.#checkedAt = performance.now();
    readFeed(null, 5).then(
      ({ items }) => (this.news = hasNews(items)),
      () => undefined,
    );
  }

  readonly #signOut = () => {
    this.open = false;
    this.#attempt(() => session.signOut());
  };

  readonly #keyPressed = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !this.open) return;
    this.open = false;
    this.renderRoot.querySelector('button')?.focus();
  };

  readonly #focusLeft = (event: FocusEvent) => {
    const to = event.relatedTarget;
    if (to instanceof Node && !this.renderRoot.contains(to)) this.open = false;
  };

  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: inline-block;
      }
      @media print {
        :host {
          display: none;
        }
      }
      .root {
        font-size: 14px;
      }
      .in {
        font-size: 14px;
        padding: 6px 12px;
      }
      .unknown {
        visibility: hidden;
      }
      .trouble {
        margin: 4px 0 0;
        max-inline-size: 16em;
        font: 14px/1.4 var(--ui);
        color: var(--accent);
      }
      .trouble:empty {
        display: none;
      }
      .me {
        position: relative;
        min-block-size: 34px;
        display: grid;
        align-items: center;
      }
      .name {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        max-inline-size: min(12em, 28vw);
        padding: 6px;
      }
      .name bdi {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .dot {
        display: inline-block;
        flex: none;
        inline-size: 8px;
        block-size: 8px;
        border-radius: 50%;
        background: var(--accent);
        margin-inline-start: 6px;
      }
      .name .dot {
        margin: 0;
      }
      .sheet {
        position: absolute;
        z-index: 20;
        inset-block-start: calc(100% + 6px);
        inset-inline-end: 0;
        display: grid;
        min-inline-size: 150px;
        padding: 6px;
        background: var(--paper);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        box-shadow: 0 6px 22px rgb(0 0 0 / 14%);
      }
      .sheet > * {
        display: block;
        padding: 8px 10px;
        font: 500 14px/1.4 var(--ui);
        color: var(--ink);
        text-align: start;
        text-decoration: none;
        white-space: nowrap;
        border-radius: 4px;
      }
      .sheet > :hover {
        background: var(--paper-2);
        text-decoration: none;
      }
    `,
  ];
}
