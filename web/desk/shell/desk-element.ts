import './keys-dialog.js';
import { adoptStyles, html, LitElement, type PropertyValues } from 'lit';
import { adoptTokens, sheet } from '../../shared/page-styles.js';
import { controls } from '../../shared/controls.js';
import { asProblem } from '../../shared/problem.js';
import { stateStyles } from '../../shared/states.js';
import { Desk } from './desk.js';
import { deskStyles } from './desk.styles.js';
import { keyCap } from './key-cap.styles.js';
import { keyGroups, readKeysOn } from './keys.js';
import { listStyles } from './list.styles.js';
import { mainPart } from './main.view.js';
import { mainStyles } from './main.styles.js';
import { navigation } from './nav.view.js';
import { navStyles } from './nav.styles.js';
import { noticeStyles } from './notices.styles.js';
import type { CreatePages } from './page.js';
import { pressKey } from './press-key.js';
import { opening, refusal, signIn } from './sign-in.view.js';
import { t } from './strings.js';

/** Defines `<rostra-desk>`, the newsroom desk with these pages. */
export function defineDesk(createPages: CreatePages): void {
  adoptTokens();
  customElements.define(
    'rostra-desk',
    class extends DeskElement {
      protected override readonly desk = new Desk(createPages, () => this.requestUpdate());
    },
  );
}

/** Draws the desk, and turns keys and presses into calls of its pages. */
abstract class DeskElement extends LitElement {
  static override properties = {
    keysOn: { state: true },
    signOutProblem: { state: true },
  };
  declare keysOn: boolean;
  declare signOutProblem: string | undefined;
  protected abstract readonly desk: Desk;
  #redrawAges: ReturnType<typeof setInterval> | undefined;
  #drawnAddress = '';
  #hadFocus = false;

  constructor() {
    super();
    this.keysOn = readKeysOn();
    this.signOutProblem = undefined;
  }

  static override styles = [
    controls,
    stateStyles,
    sheet,
    keyCap,
    navStyles,
    listStyles,
    mainStyles,
    noticeStyles,
    deskStyles,
  ];

  protected override createRenderRoot() {
    const root = super.createRenderRoot() as ShadowRoot;
    const pages = this.desk.pages.map((it) => it.styles);
    adoptStyles(root, DeskElement.finalizeStyles([DeskElement.styles, pages]));
    return root;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.desk.start();
    window.addEventListener('keydown', this.#onKey);
    this.#redrawAges = setInterval(() => this.requestUpdate(), 30_000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.desk.stop();
    window.removeEventListener('keydown', this.#onKey);
    clearInterval(this.#redrawAges);
  }

  override willUpdate(): void {
    this.#hadFocus = Boolean(this.shadowRoot?.activeElement);
  }

  override updated(_changed: PropertyValues<this>): void {
    const waiting = this.desk.openPages.reduce((sum, it) => sum + (it.waiting ?? 0), 0);
    document.title = waiting ? t('desk.titleWaiting', { n: waiting }) : t('desk.title');
    this.#keepFocus();
    const { page, id } = this.desk.route;
    const address = `${page}/${id ?? ''}`;
    if (address === this.#drawnAddress) return;
    this.#drawnAddress = address;
    this.renderRoot.querySelector('.item[aria-current]')?.scrollIntoView({ block: 'nearest' });
    this.renderRoot.querySelectorAll('.middle, .body').forEach((it) => (it.scrollTop = 0));
  }

  /** When the pressed button has gone, the focus moves to the button that undoes the press, else to the main part. */
  #keepFocus(): void {
    if (!this.desk.page.restoresFocus || !this.#hadFocus || this.shadowRoot?.activeElement) return;
    const next = this.renderRoot.querySelector<HTMLElement>('.foot .undo') ?? this.renderRoot.querySelector('main');
    next?.focus();
  }

  override render() {
    const { session } = this.desk;
    switch (session.access) {
      case 'unknown':
        return opening(session.problem, () => void session.refresh());
      case 'signed-out':
        return signIn(this.desk.unsaved, ({ account }) => session.set(account, { announce: true }));
      case 'reader':
        return refusal(session.account!, this.#signOut, this.signOutProblem);
      case 'staff':
        return this.#staff();
    }
  }

  #staff() {
    const { desk } = this;
    const view = desk.page.view();
    return html`<a class="skip" href=${location.hash || '#'} @click=${this.#skip}>${t('desk.skip')}</a>
      <div class="desk ${desk.route.page} ${desk.route.id ? 'at-entry' : 'at-list'}" @click=${this.#follow}>
        ${navigation(desk, { onKeys: this.#showKeys, onSignOut: this.#signOut })} ${view.list} ${mainPart(desk, view)}
      </div>
      <div class="sr" role="status">${desk.announcement}</div>
      <desk-keys
        .groups=${keyGroups(desk.openPages)}
        @keys-changed=${(event: CustomEvent<boolean>) => (this.keysOn = event.detail)}
      ></desk-keys>`;
  }

  /** Follows a plain click on a link within the desk. With a modifier the browser opens its own tab or window. */
  readonly #follow = (event: MouseEvent): void => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((it) => it instanceof HTMLAnchorElement);
    const href = link?.getAttribute('href');
    if (!href?.startsWith('#')) return;
    event.preventDefault();
    this.desk.visit(href);
  };

  readonly #skip = (event: Event): void => {
    event.preventDefault();
    this.renderRoot.querySelector('main')?.focus();
  };

  readonly #showKeys = (): void => this.renderRoot.querySelector('desk-keys')?.show();

  readonly #signOut = (): void => void this.#endSession();

  async #endSession(): Promise<void> {
    this.signOutProblem = undefined;
    try {
      await this.desk.session.signOut();
    } catch (error) {
      const text = asProblem(error).offline ? t('nav.signOutFailed') : t('error.generic');
      this.signOutProblem = text;
      this.desk.notices.show({ id: 'sign-out', tone: 'warn', text, actions: [] });
    }
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (this.desk.session.access !== 'staff') return;
    pressKey(event, {
      desk: this.desk,
      keysOn: this.keysOn,
      openArticle: () => this.renderRoot.querySelector<HTMLAnchorElement>('main a.page')?.click(),
      showKeys: this.#showKeys,
    });
  };
}
