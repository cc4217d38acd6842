import { html, nothing, type PropertyValues } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { controls } from '../../shared/controls.js';
import { serverNow } from '../../shared/server-clock.js';
import { failed, stateStyles } from '../../shared/states.js';
import type { ApiProblem } from '../../shared/problem.js';
import { tokens } from '../../shared/tokens.js';
import { CommentActions } from './actions-element.js';
import { tellCount } from '../common/live-count.js';
import { onNavigation } from '../common/navigation.js';
import { live, session } from '../common/page.js';
import { personStyles } from '../common/person.styles.js';
import { t, textOf } from '../common/strings.js';
import { focusOn, goTo, keepFocus } from './focus.js';
import { NearRows } from './near-rows.js';
import { conversationHead, newComments } from './head.js';
import { conversationList } from './list.js';
import { interaction } from './load-interaction.js';
import { prefetchOnReach } from './prefetch.js';
import { renewTimes } from './times.js';
import { threadStyles } from './styles.js';
import { anchor, type HeadView } from './view.js';

/** Relative times such as "5m ago" are renewed this often. */
const TICK_MS = 30_000;

/**
 * `<rostra-comments article="publisher's key">` shows the conversation of an article; without a key, of the page's
 * canonical URL. This class holds what is open on the page; the files beside it draw it.
 */
export class RostraComments extends CommentActions implements HeadView {
  static override properties = { article: {}, url: {} };
  static override styles = [tokens, controls, stateStyles, personStyles, threadStyles];
  declare article: string | undefined;
  declare url: string | undefined;

  readonly #rows = new NearRows((ids) => {
    for (const id of ids) this.talk.store.touch(id);
    this.requestUpdate();
  });
  linked: string | undefined;
  lostLink: string | undefined;
  #restoreFocus: () => void = () => undefined;
  now = serverNow();
  /** What all rows depend on, as of the last drawing. */
  #shownTo = '';
  #owner = session.owner;
  #announcedCount = 0;
  readonly #stops: (() => void)[] = [];

  get closed(): boolean {
    return (this.talk.store.article?.state ?? 'open') !== 'open';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#start(); // The element was removed from the page and inserted again.
    const timer = setInterval(() => this.look() && this.#tick(), TICK_MS);
    const follow = () => void this.#followLink();
    addEventListener('hashchange', follow);
    prefetchOnReach(this);
    this.#stops.push(
      onNavigation(() => this.look()),
      () => clearInterval(timer),
      () => removeEventListener('hashchange', follow),
      live.onChange(() => {
        if (live.isOnline) this.recover();
        this.requestUpdate();
      }),
      session.onChange(() => {
        // The panels of a reader who signed out hold what that reader wrote.
        if (session.owner !== this.#owner) this.panels.clear();
        this.#owner = session.owner;
        this.requestUpdate();
      }),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) stop();
    this.talk.close();
    this.closePopup();
    this.#rows.stop();
  }

  protected override willUpdate(change: PropertyValues): void {
    if (!this.hasUpdated) this.#start();
    else if (change.has('article') || change.has('url')) this.look();
    this.#restoreFocus = keepFocus(this.shadowRoot);
    const shownTo = [session.account?.id, this.closed].join();
    if (shownTo !== this.#shownTo) this.talk.store.touchAll();
    this.#shownTo = shownTo;
  }

  protected override updated(): void {
    this.#restoreFocus();
  }

  override render() {
    const { talk } = this;
    return html`<section aria-labelledby="title" class=${location.hash ? 'loading' : talk.status}>
      ${conversationHead(this)}
      <div class="sr" role="status" aria-live="polite">${this.announcement}</div>
      ${newComments(this)}
      ${this.lostLink ? html`<p class="lost" id="lost" tabindex="-1">${this.lostLink}</p>` : nothing}
      ${keyed(
        talk.status === 'loading', // A list that is drawn anew is not moved by what is drawn above it.
        html`<div class="list">${conversationList(this)}</div>`,
      )}
      ${talk.status === 'ready' && talk.problem ? failed(talk.problem, talk.retry) : nothing}
    </section>`;
  }

  /** Looks which story the page shows, and starts again with another one. @returns false if it is another one */
  look(): boolean {
    try {
      if (this.talk.isOf(this)) return true;
    } catch {
      return true; // The page has no readable address for now.
    }
    this.#start();
    return false;
  }

  #start(): void {
    this.talk.close();
    for (const it of [this.panels, this.folded, this.outcomes]) it.clear();
    this.closePopup();
    this.linked = this.lostLink = this.wanted = undefined;
    this.#announcedCount = 0;
    this.talk = this.newTalk();
    const { talk } = this;
    talk.open(this).then(
      () => this.#followLink(),
      (error: unknown) => talk.fail(error, () => this.#start()),
    );
  }

  isNear(id: string): boolean {
    return this.#rows.isNear(id);
  }

  readonly watchRow = (element: Element): void => this.#rows.watch(element);

  /** Renews the times of the rows near the viewport, and draws the rows that may no longer be edited. */
  #tick(): void {
    this.now = serverNow();
    renewTimes(this.renderRoot, this);
    this.requestUpdate();
  }

  protected override changed(): void {
    this.now = serverNow();
    const waiting = this.talk.store.pendingCount(null);
    if (waiting > this.#announcedCount) this.announce(t('talk.new', { n: waiting }));
    this.#announcedCount = waiting;
    this.#tellCount();
    if (this.talk.held[0]) interaction.prefetch();
    this.requestUpdate();
  }

  /** Tells the counts on this page, such as the one below the headline. */
  #tellCount(): void {
    const { key, name, status, store } = this.talk;
    if (status === 'ready' && store.article) tellCount([key, name, store.article.key], store.article.commentCount);
  }

  fold(id: string): void {
    const folding = !this.folded.has(id);
    if (folding) this.folded.add(id);
    else this.folded.delete(id);
    this.talk.store.touch(id);
    this.requestUpdate();
    focusOn(this, folding ? `#unfold-${id}` : `#${anchor(id)} > .kids .c`);
  }

  reveal(parentId: string | null): void {
    const [first] = this.talk.store.reveal(parentId);
    this.changed();
    if (first) goTo(this, first);
  }

  more(parentId: string): void {
    this.outcomes.delete(parentId);
    void this.talk.more(parentId).then((problem) => problem && this.showProblem(parentId, problem));
  }

  /** Shows the comment that the page's address names, wherever it stands in the thread. */
  async #followLink(): Promise<void> {
    const [, id] = /^#rostra-comment-([\w-]+)$/.exec(location.hash) ?? [];
    if (!id || this.talk.status !== 'ready') return;
    const problem = await this.bringIn(id);
    this.lostLink = problem && (problem.status === 404 ? t('talk.linkGone') : textOf(problem));
    this.requestUpdate();
    if (this.lostLink) {
      this.announce(this.lostLink);
      return focusOn(this, '#lost');
    }
    if (this.linked) this.talk.store.touch(this.linked);
    this.linked = id;
    this.talk.store.touch(id);
    this.requestUpdate();
    goTo(this, id, 'center');
  }

  async bringIn(id: string): Promise<ApiProblem | undefined> {
    const problem = await this.talk.loadLinked(id);
    if (problem) return problem;
    for (const above of this.talk.store.show(id)) this.folded.delete(above);
    this.talk.store.touch(id);
    return undefined;
  }

  /** Makes sure that the article exists before somebody writes, and asks again after an earlier refusal. */
  async prepare(): Promise<void> {
    if (this.look() && this.talk.status === 'ready') await this.talk.ensureExists().catch(() => undefined);
  }
}
