import './keys-dialog.js';
import './verdict.js';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { adoptTokens, sheet } from '../pages/parts/page-styles.js';
import { controls } from '../shared/controls.js';
import { asProblem } from '../shared/problem.js';
import { loading, stateStyles } from '../shared/states.js';
import { deskStyles } from './desk.styles.js';
import { Workbench } from './workbench.js';
import { readKeysOn } from './keys.js';
import { pressKey } from './press-key.js';
import { routeHash } from './route.js';
import { t } from './strings.js';
import { caseBody, caseStyles, pageLink } from './views/case.view.js';
import { opening, refusal, signIn } from './views/entrance.view.js';
import { caseList, listStyles } from './views/list.view.js';
import { decisionList, logStyles } from './views/log.view.js';
import { navigation, navStyles } from './views/nav.view.js';
import { writer, writerStyles } from './views/writer.view.js';

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
    deskStyles,
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

  override willUpdate(): void {
    const id = this.#work.open.commentId;
    if (id !== this.#shownId) this.unfolded = false;
  }

  override updated(_changed: PropertyValues<this>): void {
    const { queue, session, open } = this.#work;
    const waiting = session.standing === 'staff' ? queue.total : 0;
    document.title = waiting ? t('desk.titleWaiting', { n: waiting }) : t('desk.title');
    if (open.commentId === this.#shownId) return;
    this.#shownId = open.commentId;
    this.renderRoot.querySelector('.item[aria-current]')?.scrollIntoView({ block: 'nearest' });
    this.renderRoot.querySelectorAll('.middle, .body').forEach((it) => (it.scrollTop = 0));
  }

  override render() {
    const { session, decider } = this.#work;
    switch (session.standing) {
      case 'unknown':
        return opening(session.problem, () => void session.refresh());
      case 'out':
        return signIn(decider.kept, ({ account }) => session.begin(account));
      case 'reader':
        return refusal(session.account!, this.#signOut, this.signOutProblem);
      case 'staff':
        return this.#desk();
    }
  }

  #desk() {
    const work = this.#work;
    const { route, queue, open, log } = work;
    const at = route.commentId ? 'at-case' : 'at-list';
    return html`<a class="skip" href=${location.hash || '#'} @click=${this.#skip}>${t('desk.skip')}</a>
      <div class="desk ${route.page} ${at}" @click=${this.#follow}>
        ${navigation({
          page: route.page,
          account: work.session.account!,
          queue,
          live: work.live,
          onKeys: () => this.renderRoot.querySelector('desk-keys')?.show(),
          onSignOut: this.#signOut,
        })}
        ${
          route.page === 'decisions'
            ? decisionList({
                log,
                openId: open.commentId,
                restoring: work.restoring,
                onRestore: (it) => void work.restoreLogged(it),
              })
            : caseList({
                queue,
                openId: open.commentId,
                notSaved: work.notSaved,
                onMore: () => void queue.more(),
                onRetry: () => void queue.refresh(),
              })
        }
        ${this.#case()}
      </div>
      <div class="sr" role="status">${work.spoken}</div>
      <desk-keys @keys-changed=${(event: CustomEvent<boolean>) => (this.keysOn = event.detail)}></desk-keys>`;
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
        ${link ? html`<a href=${link} target="_blank" rel="noopener noreferrer">${t('case.openInPage')}</a>` : nothing}
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
        <div class="notices">
          ${work.notices.items.map(
            (it) =>
              html`<p class=${it.tone} role=${it.tone === 'warn' ? 'alert' : 'status'}>
                <span>${it.text}</span>
                <button class="quiet" aria-label=${t('notice.close')} @click=${() => work.notices.close(it.id)}>
                  ×
                </button>
                ${
                  it.actions.length
                    ? html`<span class="ways"
                        >${it.actions.map((act) => html`<button @click=${act.run}>${act.label}</button>`)}</span
                      >`
                    : nothing
                }
              </p>`,
          )}
        </div>
        <desk-verdict
          .item=${item}
          .waiting=${waiting}
          .canUndo=${work.decider.last !== undefined}
          @verdict=${(event: CustomEvent) => void work.judge(event.detail)}
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
      openInPage: () => this.renderRoot.querySelector<HTMLAnchorElement>('.one > header a[target]')?.click(),
      showKeys: () => this.renderRoot.querySelector('desk-keys')?.show(),
    });
  };
}

adoptTokens();
customElements.define('rostra-desk', RostraDesk);
