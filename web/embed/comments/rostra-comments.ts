import { html, nothing, type PropertyValues } from 'lit';
import type { Comment, Reason } from '../../shared/contract.js';
import { controls } from '../../shared/controls.js';
import { ApiProblem, asProblem } from '../../shared/problem.js';
import { empty, failed, loading, stateStyles } from '../../shared/states.js';
import { tokens } from '../../shared/tokens.js';
import { signIn, signInDialog } from '../account/sign-in.js';
import { Conversation } from './conversation.js';
import type { ConversationWrites } from './conversation-writes.js';
import { onNavigation } from '../common/navigation.js';
import { live, session } from '../common/page.js';
import { personStyles } from '../common/person.styles.js';
import { IsolatedElement } from '../common/isolated-element.js';
import { t, textOf } from '../common/strings.js';
import { siblings } from './comment-view.js';
import { conversationHead, newComments } from './head.js';
import { interaction } from './load-interaction.js';
import { threadStyles } from './styles.js';
import { addressAt, anchor, type HeadView, type ActionOutcome, type Panel, type ThreadView } from './view.js';

/** The first of these events says that the reader may act soon. */
const REACHING = ['pointerover', 'pointerdown', 'focusin'];

/** Relative times such as "5m ago" are drawn again this often. */
const REDRAW_MS = 30_000;

/**
 * `<rostra-comments article="publisher's key">` shows the conversation of an article; without a key, of the page's
 * canonical URL. This class holds what is open on the page; the files beside it draw it.
 */
export class RostraComments extends IsolatedElement implements HeadView {
  static override properties = { article: {}, url: {} };
  static override styles = [tokens, controls, stateStyles, personStyles, threadStyles];
  declare article: string | undefined;
  declare url: string | undefined;

  talk = new Conversation(() => this.#changed());
  readonly #writes = new WeakMap<Conversation, ConversationWrites>();
  readonly panels = new Map<string, Panel>();
  menu: string | undefined;
  readonly folded = new Set<string>();
  readonly outcomes = new Map<string, ActionOutcome>();
  /** The panel that opens when its code is loaded. */
  #wanted: object | undefined;
  linked: string | undefined;
  now = Date.now();
  #owner = session.owner;
  #announcement = '';
  #announcedCount = 0;
  readonly #stops: (() => void)[] = [];

  get closed(): boolean {
    return (this.talk.store.article?.state ?? 'open') !== 'open';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#start(); // The element was removed from the page and inserted again.
    const timer = setInterval(() => this.look() && this.#changed(), REDRAW_MS);
    const follow = () => void this.#followLink();
    addEventListener('hashchange', follow);
    this.addEventListener('keydown', this.#keyPressed);
    const away = (event: Event) => {
      if (!event.composedPath().some((it) => it instanceof Element && it.classList.contains('menu')))
        this.#closeMenus();
    };
    addEventListener('click', away);
    const reached = () => this.#prefetch();
    for (const event of REACHING) this.addEventListener(event, reached, { once: true });
    this.#stops.push(
      onNavigation(() => this.look()),
      () => clearInterval(timer),
      () => removeEventListener('hashchange', follow),
      () => removeEventListener('click', away),
      live.onChange(() => this.requestUpdate()),
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
  }

  protected override willUpdate(change: PropertyValues): void {
    if (!this.hasUpdated) this.#start();
    else if (change.has('article') || change.has('url')) this.look();
  }

  override render() {
    const { talk } = this;
    return html`<section aria-labelledby="title">
      ${conversationHead(this)}
      <div class="sr" role="status" aria-live="polite">${this.#announcement}</div>
      ${newComments(this)}
      <div class="list">${this.#list()}</div>
      ${talk.status === 'ready' && talk.problem ? failed(talk.problem, talk.retry) : nothing}
    </section>`;
  }

  #list() {
    const { talk } = this;
    if (talk.status === 'loading') return loading(4);
    if (talk.status === 'failed' && talk.problem) return failed(talk.problem, talk.retry);
    if (talk.refusal && !talk.store.nodes.size) return empty(t('talk.absent'));
    const { roots } = talk.store;
    if (roots.lead.length + roots.page.length + roots.tail.length === 0 && !roots.more)
      return empty(t(this.closed ? 'talk.emptyClosed' : 'talk.empty'));
    const more = html`<button
      class="quiet more"
      aria-disabled=${talk.reading.has('') ? 'true' : 'false'}
      @click=${() => void talk.more(null)}
    >
      ${t('talk.more')}
    </button>`;
    return siblings(this, roots, 0, more);
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
    this.menu = this.linked = this.#wanted = undefined;
    this.#announcedCount = 0;
    this.talk = new Conversation(() => this.#changed());
    const { talk } = this;
    talk.open(this).then(
      () => this.#followLink(),
      (error: unknown) => talk.fail(error, () => this.#start()),
    );
  }

  #changed(): void {
    this.now = Date.now();
    const waiting = this.talk.store.pendingCount(null);
    if (waiting > this.#announcedCount) this.announce(t('talk.new', { n: waiting }));
    this.#announcedCount = waiting;
    this.requestUpdate();
  }

  /** Announces a text to screen readers, politely. */
  announce(text: string): void {
    this.#announcement = this.#announcement === text ? `${text}\u00a0` : text;
    this.requestUpdate();
  }

  #prefetch(): void {
    interaction.prefetch();
    if (session.account === null) signInDialog.prefetch();
  }

  /** Loads what writes in a conversation: in the one that was shown when the reader acted, whatever is shown then. */
  async #loadWrites(talk: Conversation): Promise<ConversationWrites> {
    const { ConversationWrites } = await interaction.get();
    const writes = this.#writes.get(talk) ?? new ConversationWrites(talk, () => this.requestUpdate());
    this.#writes.set(talk, writes);
    return writes;
  }

  /** Opens the panel after its code is loaded, unless the reader asked for another one meanwhile. */
  #openLater(id: string, panel: Panel): void {
    const wanted = (this.#wanted = { id, panel });
    interaction.get().then(
      () => this.#wanted === wanted && this.toggle(id, panel),
      (error: unknown) => this.showTrouble(id, textOf(asProblem(error))),
    );
  }

  toggle(id: string, panel: Panel | 'menu'): void {
    if (!interaction.loaded && panel !== 'menu' && panel !== 'edit') return this.#openLater(id, panel);
    this.#wanted = undefined;
    const open = panel === 'menu' ? this.menu !== id : this.panels.get(id) !== panel;
    this.outcomes.delete(id);
    this.menu = open && panel === 'menu' ? id : undefined;
    if (panel !== 'menu') {
      if (open) this.panels.set(id, panel);
      else this.panels.delete(id);
    }
    this.requestUpdate();
    const inside = {
      reply: 'rostra-composer',
      edit: 'rostra-composer',
      report: 'input',
      delete: '.ask button',
      menu: '.sheet button',
    };
    // The focus returns only to the button that opened the panel.
    this.#focusOn(open ? `#${anchor(id)} ${inside[panel]}` : `#${panel}-${id}`, `#menu-${id}`);
  }

  fold(id: string): void {
    const folding = !this.folded.has(id);
    if (folding) this.folded.add(id);
    else this.folded.delete(id);
    this.requestUpdate();
    this.#focusOn(folding ? `#unfold-${id}` : `#${anchor(id)} > .kids .c`);
  }

  reveal(parentId: string | null): void {
    const [first] = this.talk.store.reveal(parentId);
    this.#changed();
    if (first) this.#goTo(first);
  }

  more(parentId: string): void {
    this.outcomes.delete(parentId);
    void this.talk.more(parentId).then((problem) => problem && this.showTrouble(parentId, textOf(problem)));
  }

  like(comment: Comment): void {
    const { talk } = this;
    void this.#attempt(comment.id, 'whyLiking', async () => (await this.#loadWrites(talk)).like(comment.id));
  }

  follow({ id, author }: Comment): void {
    if (!author) return;
    const name = author.displayName;
    const { talk } = this;
    void this.#attempt(id, 'whyFollowing', async () => {
      const on = await (await this.#loadWrites(talk)).follow(author.id);
      this.announce(t(on ? 'follow.done' : 'follow.stopped', { name }));
    });
  }

  copyLink({ id }: Comment): void {
    const address = addressAt(id);
    // Only a secure context has a clipboard.
    void (navigator.clipboard?.writeText(address) ?? Promise.reject(new Error())).then(
      () => this.announce(t('comment.copied')),
      () => this.#showSuccess(id, address),
    );
    this.toggle(id, 'menu');
  }

  async post(text: string, key: string): Promise<void> {
    this.outcomes.delete('');
    if (!this.look()) {
      this.showTrouble('', t('write.moved'));
      throw new ApiProblem(409, {});
    }
    this.#afterPost(await (await this.#loadWrites(this.talk)).post(text, null, key));
  }

  async reply(parent: Comment, text: string, key: string): Promise<void> {
    const posted = await (await this.#loadWrites(this.talk)).post(text, parent.id, key);
    this.panels.delete(parent.id);
    this.folded.delete(parent.id);
    this.#afterPost(posted);
  }

  async edit({ id }: Comment, text: string): Promise<void> {
    await (await this.#loadWrites(this.talk)).edit(id, text);
    this.toggle(id, 'edit');
    this.announce(t('write.saved'));
  }

  deleteComment({ id, parentId }: Comment): void {
    const { talk } = this;
    void this.#attempt(id, 'whyWriting', async () => {
      await (await this.#loadWrites(talk)).remove(id);
      this.panels.delete(id);
      this.announce(t('delete.done'));
      this.#focusOn(parentId === null ? '#title' : `#${anchor(parentId)}`);
    });
  }

  report({ id }: Comment, reason: Reason | undefined, note: string): void {
    if (!reason) return this.showTrouble(id, t('report.choose'));
    void this.#attempt(id, undefined, async () => {
      await (await this.#loadWrites(this.talk)).report(id, reason, note);
      this.panels.delete(id);
      this.#showSuccess(id, t('report.done'));
      this.#focusOn(`#menu-${id}`);
    });
  }

  signIn(why: Parameters<ThreadView['signIn']>[0]): Promise<boolean> {
    return signIn(this, t(`dialog.${why}`));
  }

  /** Scrolls a comment into view and focuses it. */
  #goTo(id: string, block: ScrollLogicalPosition = 'nearest'): void {
    void this.updateComplete.then(() => {
      const comment = this.renderRoot.querySelector<HTMLElement>(`#${anchor(id)}`);
      comment?.focus({ preventScroll: true });
      (comment?.querySelector('.who') ?? comment)?.scrollIntoView({ block });
    });
  }

  #afterPost({ id }: Comment): void {
    this.announce(t('write.posted'));
    this.#goTo(id);
  }

  /** Runs an action for a signed-in reader, after signing in if needed. A failure is shown at the comment. */
  async #attempt(id: string, why: Parameters<ThreadView['signIn']>[0] | undefined, act: () => Promise<void>) {
    this.outcomes.delete(id);
    try {
      if (why && session.account === null && !(await this.signIn(why))) return;
      await act();
    } catch (error) {
      this.showTrouble(id, textOf(asProblem(error)));
    }
    this.requestUpdate();
  }

  showTrouble(id: string, text: string): void {
    this.outcomes.set(id, { text, success: false });
    this.requestUpdate();
  }

  #showSuccess(id: string, text: string): void {
    this.outcomes.set(id, { text, success: true });
    this.announce(text);
  }

  /** Shows the comment that the page's address names, wherever it stands in the thread. */
  async #followLink(): Promise<void> {
    const [, id] = /^#rostra-comment-([\w-]+)$/.exec(location.hash) ?? [];
    if (!id || this.talk.status !== 'ready') return;
    if (!(await this.bringIn(id))) return this.announce(t('talk.linkGone'));
    this.linked = id;
    this.requestUpdate();
    this.#goTo(id, 'center');
  }

  async bringIn(id: string): Promise<boolean> {
    if (!(await this.talk.loadLinked(id))) return false;
    for (const above of this.talk.store.show(id)) this.folded.delete(above);
    return true;
  }

  /** Makes sure that the article exists before somebody writes, and asks again after an earlier refusal. */
  async prepare(): Promise<void> {
    if (this.look() && this.talk.status === 'ready') await this.talk.ensureExists().catch(() => undefined);
  }

  #closeMenus(): void {
    this.menu = undefined;
    this.requestUpdate();
  }

  readonly #keyPressed = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && this.menu) this.toggle(this.menu, 'menu');
  };

  #focusOn(...selectors: string[]): void {
    void this.updateComplete.then(() => {
      const target = selectors.map((it) => this.renderRoot.querySelector<HTMLElement>(it)).find(Boolean);
      target?.focus();
    });
  }
}
