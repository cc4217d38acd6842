import './keys-dialog.js';
import './moderation/decision-form.js';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { adoptTokens, sheet } from '../pages/parts/page-styles.js';
import { controls } from '../shared/controls.js';
import { asProblem } from '../shared/problem.js';
import { loading, stateStyles } from '../shared/states.js';
import { alertStyles } from './alerts/views/alert.styles.js';
import { holdBar } from './alerts/views/alert-bar.view.js';
import { alertList } from './alerts/views/alert-list.view.js';
import { alertRoom } from './alerts/views/alert-room.view.js';
import { deskStyles } from './shell/desk.styles.js';
import { Workbench } from './desk-pages.js';
import { keyCap } from './shell/key-cap.styles.js';
import { readKeysOn } from './shell/keys.js';
import { pressKey } from './press-key.js';
import { routeHash } from './shell/route.js';
import { t } from './shell/strings.js';
import { caseBody, caseStyles, pageLink } from './moderation/views/case.view.js';
import { opening, refusal, signIn } from './sign-in.view.js';
import { caseList, listStyles } from './moderation/views/list.view.js';
import { decisionList, logStyles } from './moderation/views/log.view.js';
import { navigation, navStyles } from './nav.view.js';
import { noticeList } from './shell/notices.view.js';
import { writer, writerStyles } from './moderation/views/writer.view.js';

/** The newsroom desk: draws what the workbench holds, and turns keys and presses into its verbs. */
class RostraDesk extends LitElement {
  static override properties = {
    unfolded: { state: true },
    keysOn: { state: true },
    signOutProblem: { state: true },
  };
  declare unfolded: boolean;
  declare keysOn: boolean;
  declare signOutProblem: string | undefined;
  readonly #work = new Workbench(() => this.requestUpdate());
  #minute: ReturnType<typeof setInterval> | undefined;
  #shownId: string | null = null;
  #hadFocus = false;

  constructor() {
    super();
    this.unfolded = false;
    this.keysOn = readKeysOn();
    this.signOutProblem = undefined;
  }

  static override styles = [
    controls,
    stateStyles,
    sheet,
    navStyles,
    listStyles,
    logStyles,
    caseStyles,
    writerStyles,
    keyCap,
    deskStyles,
    alertStyles,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#work.start();
    window.addEventListener('keydown', this.#onKey);
    // Ages move on by themselves.
    this.#minute = setInterval(() => this.requestUpdate(), 30_000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#work.stop();
    window.removeEventListener('keydown', this.#onKey);
    clearInterval(this.#minute);
  }

  /** The case or the alert in view. */
  get #openId(): string | null {
    const { route, open, alerts } = this.#work;
    return route.page === 'alerts' ? alerts.openId : open.commentId;
  }

  override willUpdate(): void {
    this.#hadFocus = Boolean(this.shadowRoot?.activeElement);
    if (this.#openId !== this.#shownId) this.unfolded = false;
  }

  override updated(_changed: PropertyValues<this>): void {
    const { queue, session } = this.#work;
    const waiting = session.standing === 'staff' ? queue.total : 0;
    document.title = waiting ? t('desk.titleWaiting', { n: waiting }) : t('desk.title');
    this.#keepFocus();
    if (this.#openId === this.#shownId) return;
    this.#shownId = this.#openId;
    this.renderRoot.querySelector('.item[aria-current]')?.scrollIntoView({ block: 'nearest' });
    this.renderRoot.querySelectorAll('.middle, .body').forEach((it) => (it.scrollTop = 0));
  }

  /** The button that was pressed has made room for another: the way back has the focus, else the room itself. */
  #keepFocus(): void {
    if (this.#work.route.page !== 'alerts' || !this.#hadFocus || this.shadowRoot?.activeElement) return;
    const next = this.renderRoot.querySelector<HTMLElement>('.foot .undo') ?? this.renderRoot.querySelector('main');
    next?.focus();
  }

  override render() {
    const { session, judging, alerts } = this.#work;
    switch (session.standing) {
      case 'unknown':
        return opening(session.problem, () => void session.refresh());
      case 'out':
        return signIn(judging.decider.kept, alerts.unsent, ({ account }) => session.set(account, { announce: true }));
      case 'reader':
        return refusal(session.account!, this.#signOut, this.signOutProblem);
      case 'staff':
        return this.#desk();
    }
  }

  #desk() {
    const work = this.#work;
    const { route, queue } = work;
    const at = route.commentId || route.alertId ? 'at-case' : 'at-list';
    const editor = work.session.isEditor;
    return html`<a class="skip" href=${location.hash || '#'} @click=${this.#skip}>${t('desk.skip')}</a>
      <div class="desk ${route.page} ${at}" @click=${this.#follow}>
        ${navigation({
          page: route.page,
          account: work.session.account!,
          queue,
          alerts: editor ? work.alerts : undefined,
          live: work.live,
          onKeys: () => this.renderRoot.querySelector('desk-keys')?.show(),
          onSignOut: this.#signOut,
        })}
        ${this.#list()} ${route.page === 'alerts' ? alertRoom(work.alerts, work.notices) : this.#case()}
      </div>
      <div class="sr" role="status">${work.spoken}</div>
      <desk-keys
        ?editor=${editor}
        @keys-changed=${(event: CustomEvent<boolean>) => (this.keysOn = event.detail)}
      ></desk-keys>`;
  }

  #list() {
    const work = this.#work;
    const { route, queue, open, log } = work;
    switch (route.page) {
      case 'alerts':
        return alertList(work.alerts);
      case 'decisions':
        return decisionList({
          log,
          openId: open.commentId,
          restoring: work.judging.restoring,
          onRestore: (it) => void work.judging.restoreLogged(it),
        });
      case 'reported':
        return caseList({
          queue,
          openId: open.commentId,
          notSaved: work.judging.notSaved,
          onMore: () => void queue.more(),
          onRetry: () => void queue.refresh(),
        });
    }
  }

  #case() {
    const work = this.#work;
    const { open, route } = work;
    const { item } = open;
    const link = item && pageLink(item);
    const waiting = work.queue.find(open.commentId) !== undefined;
    return html`<main class="one ${item ? '' : 'bare'}" tabindex="-1">
      <header>
        <a class="back" href=${routeHash(route.page)} aria-label=${t('case.back')}>‹</a>
        <h2 dir="auto">
          ${item ? item.article.title || t('case.untitled') : open.commentId ? t('state.loading') : ''}
        </h2>
        ${link ? html`<a class="page" href=${link} target="_blank" rel="noopener noreferrer">${t('case.openInPage')}</a>` : nothing}
      </header>
      <div class="middle">
        <div class="body">
          ${
            open.commentId
              ? caseBody({
                  open,
                  waiting,
                  unfolded: this.unfolded,
                  onUnfold: () => (this.unfolded = true),
                  onRetry: () => void open.reload(),
                })
              : this.#noCase()
          }
        </div>
        <aside aria-label=${t('writer.label')}>${writer(item)}</aside>
      </div>
      <div class="foot">
        ${noticeList(work.notices)} ${holdBar(work.alerts)}
        <desk-verdict
          .item=${item}
          .waiting=${waiting}
          .canUndo=${work.judging.decider.last !== undefined}
          @verdict=${(event: CustomEvent) => void work.judging.judge(event.detail)}
          @undo=${() => void work.undo()}
          @next=${() => work.step(1)}
        ></desk-verdict>
      </div>
    </main>`;
  }

  #noCase() {
    const { queue, route } = this.#work;
    if (route.page === 'reported' && !queue.readAt && !queue.problem) return loading(2);
    const text = queue.waiting.length || route.page === 'decisions' ? t('case.choose') : nothing;
    return html`<p class="choose">${text}</p>`;
  }

  /** A plain click on a link within the desk; with a modifier the browser opens its tab or window. */
  readonly #follow = (event: MouseEvent): void => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((it) => it instanceof HTMLAnchorElement);
    const href = link?.getAttribute('href');
    if (!href?.startsWith('#')) return;
    event.preventDefault();
    this.#work.visit(href);
  };

  readonly #skip = (event: Event): void => {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('.one')?.focus();
  };

  readonly #signOut = (): void => void this.#endSession();

  async #endSession(): Promise<void> {
    this.signOutProblem = undefined;
    try {
      await this.#work.session.signOut();
    } catch (error) {
      const text = asProblem(error).offline ? t('nav.signOutFailed') : t('error.generic');
      this.signOutProblem = text;
      this.#work.notices.show({ id: 'sign-out', tone: 'warn', text, actions: [] });
    }
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (this.#work.session.standing !== 'staff') return;
    pressKey(event, {
      work: this.#work,
      keysOn: this.keysOn,
      verdict: this.renderRoot.querySelector('desk-verdict'),
      openInPage: () => this.renderRoot.querySelector<HTMLAnchorElement>('.one a.page')?.click(),
      showKeys: () => this.renderRoot.querySelector('desk-keys')?.show(),
    });
  };
}

adoptTokens();
customElements.define('rostra-desk', RostraDesk);
