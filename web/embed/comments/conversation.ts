import { api } from '../../shared/api.js';
import type { CommentsPage, Frame, HeldComment, Mine, ThreadArticle } from '../../shared/contract.js';
import { ApiProblem, asProblem } from '../../shared/problem.js';
import { addressOf, type ArticleName, articleUrl, derivedKey, pageTitle } from '../common/article-key.js';
import { ArticleStream } from '../../shared/page/article-stream.js';
import { live, session } from '../common/page.js';
import { longest } from './longest.js';
import { chosenOrder } from './order.js';
import { ThreadStore, type Sort } from './thread-store.js';

const PAGE = 25;
const REPLIES = 20;

/**
 * One article's conversation on this page: it reads lists, applies frames, and knows what the reader liked and follows.
 * It calls `changed` whenever there is something to draw. conversation-writes.ts sends what the reader does.
 */
export class Conversation {
  readonly store = new ThreadStore();
  status: 'loading' | 'ready' | 'failed' = 'loading';
  problem: ApiProblem | undefined;
  /** The action that is repeated when the reader retries after `problem`. */
  retry: () => void = () => void this.load();
  /** The reason why this page has no conversation: its site is not allowed, or made too many requests. */
  refusal: ApiProblem | undefined;
  sort: Sort = chosenOrder();
  key = '';
  /** The first key of this page, under which drafts are kept. */
  name = '';
  /** The lists that are being read: the parent's id, or '' for the top level. */
  readonly reading = new Set<string>();
  readonly following = new Set<string>();
  readonly liked = new Set<string>();
  /** The reader's own texts that wait for a moderator, or that one has rejected. */
  held: HeldComment[] = [];
  editWindowSeconds = 0;
  /** Why the reader's own comments were removed, by comment. */
  removals: Mine['removals'] = {};
  #article: string | undefined;
  /** The page's address when the conversation was opened. */
  #url = '';
  /** The article's own address, unless the page still has that of another one. */
  #address: string | undefined;
  #exists = false;
  #creating: Promise<void> | undefined;
  #stream: ArticleStream | undefined;
  #closed = false;
  /** Counts the lists that were started, so that answers for an earlier list are dropped. */
  #loads = 0;
  /** Ends when the newsroom's texts can be drawn, or have taken too long. The list waits, because they would move it. */
  furnished: Promise<unknown> | undefined;
  readonly #stops: (() => void)[] = [];

  constructor(private readonly changed: () => void) {}

  /** Reads the first page and connects for live updates. An article that Rostra does not know is created. */
  async open(name: ArticleName): Promise<void> {
    this.#article = name.article;
    this.#url = articleUrl(name);
    this.#address = addressOf(name);
    // Only a secure context can make the key itself.
    this.key = name.article || (await derivedKey(this.#url).catch(() => this.#meet()));
    if (this.#closed) return;
    this.name = this.key;
    this.#stops.push(session.onChange(() => void this.readMine()));
    await this.load();
  }

  /** Says whether this is the conversation that the element names now, on the page as it is now. */
  isOf(name: ArticleName): boolean {
    if ((name.article || '') !== (this.#article || '')) return false;
    return (!!name.article && !name.url && !!this.#address) || articleUrl(name) === this.#url;
  }

  close(): void {
    this.#closed = true;
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Records the error that kept the conversation from opening. */
  fail(error: unknown, retry: () => void): void {
    this.problem = asProblem(error);
    this.retry = retry;
    if (this.status !== 'ready') this.status = 'failed';
    this.changed();
  }

  /** Reads the list from the start in the present order. When that fails, the comments on the page stay. */
  async load(): Promise<void> {
    const load = (this.#loads += 1);
    this.problem = undefined;
    if (!this.#exists && this.status !== 'ready') this.status = 'loading';
    this.changed();
    try {
      const page = await this.#readList();
      await this.furnished;
      if (page.registered === false) throw new ApiProblem(404, {});
      this.#exists = true;
      if (load !== this.#loads) return;
      // Pages of the previous list that arrive later are dropped, too.
      this.#loads += 1;
      this.store.load(page, this.sort);
      this.#goLive(page.position);
      this.status = 'ready';
      for (const id of this.store.writingAt()) void this.loadLinked(id);
      await this.readMine();
    } catch (error) {
      if (load !== this.#loads) return;
      const problem = asProblem(error);
      if (problem.status !== 404) {
        const { sort } = this;
        if (this.status === 'ready') this.sort = this.store.sort;
        return this.fail(problem, () => void this.setSort(sort));
      }
      this.status = 'ready';
      this.#startEmpty();
      // Creates the article also for readers who only read, because live updates need a conversation.
      if (!this.#creating) void this.ensureExists().catch(() => undefined);
    }
    this.changed();
  }

  async setSort(sort: Sort): Promise<void> {
    this.sort = sort;
    await this.load();
  }

  /** Creates the article if Rostra does not know it. Rejects when this page may not create it. */
  async ensureExists(): Promise<void> {
    if (this.#exists) return;
    this.#creating ??= this.#create().finally(() => (this.#creating = undefined));
    await this.#creating;
  }

  /** Reads the next page of the top level, or of a comment's replies. Never rejects. @returns what went wrong */
  async more(parentId: string | null): Promise<ApiProblem | undefined> {
    const name = parentId ?? '';
    if (this.reading.has(name)) return undefined;
    this.#setReading(parentId, true);
    const load = this.#loads;
    let problem: ApiProblem | undefined;
    this.changed();
    try {
      await this.#readAndReplay(async () => {
        if (parentId === null) return this.#readRoots();
        const after = this.store.nodes.get(parentId)?.replies.after;
        const page = await api.read('/comments/{id}/replies', {
          path: { id: parentId },
          query: { after, limit: REPLIES, sort: 'oldest' },
        });
        if (load === this.#loads) this.store.appendReplies(parentId, page);
        return page.position;
      });
    } catch (error) {
      problem = asProblem(error);
    }
    this.#setReading(parentId, false);
    if (load === this.#loads && parentId === null) {
      this.problem = problem;
      this.retry = () => void this.more(null);
    }
    this.changed();
    return problem;
  }

  /**
   * Loads a linked comment onto the page, or reads anew one at which the reader is writing. Never rejects.
   * @returns why it is not there
   */
  async loadLinked(id: string): Promise<ApiProblem | undefined> {
    // A page may know its conversation by another key until the article was registered.
    await this.ensureExists().catch(() => undefined);
    const isKept = [...this.store.writingAt()].includes(id);
    if (this.store.nodes.has(id) && !isKept) return undefined;
    try {
      await this.#readAndReplay(async () => {
        const context = await api.read('/comments/{id}/context', { path: { id } });
        if (!this.#stream?.keys.has(context.article.key)) throw new ApiProblem(404, { code: 'comment.not_found' });
        this.store.addContext(context);
        return context.position;
      });
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 404) this.store.remove(id);
      this.changed();
      return problem;
    }
    this.changed();
    return undefined;
  }

  /** Reads what the reader's own write changed, without waiting for the socket or the next poll. Never rejects. */
  async catchUp(): Promise<void> {
    await this.#stream?.catchUp().catch(() => undefined);
  }

  #setReading(parentId: string | null, on: boolean): void {
    if (on) this.reading.add(parentId ?? '');
    else this.reading.delete(parentId ?? '');
    this.store.touch(parentId);
  }

  async #readRoots(): Promise<number> {
    const load = this.#loads;
    const page = await this.#readList(this.store.roots.after, this.store.sort);
    if (load === this.#loads) this.store.append(page);
    return page.position;
  }

  #readList(after?: string | null, sort = this.sort): Promise<CommentsPage> {
    return api.read('/articles/{key}/comments', { path: { key: this.key }, query: { sort, after, limit: PAGE } });
  }

  /**
   * Applies the latest frames once more after a list was read, because the list may show an older state than they did.
   */
  async #readAndReplay(read: () => Promise<number>): Promise<void> {
    const before = this.#stream?.position ?? 0;
    const readAt = Math.min(await read(), before);
    if (this.#stream && this.#stream.position > readAt) await this.#stream.replay(readAt);
  }

  #goLive(position: number): void {
    if (this.#closed) return;
    if (this.#stream) return this.#stream.restart(position);
    const apply = (frame: Frame) => {
      this.store.apply(frame);
      if (this.store.article) this.#stream?.keys.add(this.store.article.key);
      this.changed();
    };
    this.#stream = new ArticleStream(this.key, { apply, reset: () => void this.load() });
    this.#stream.restart(position);
    this.#stops.push(live.watch(this.#stream), () => (this.#stream = undefined));
  }

  #startEmpty(): void {
    const article: ThreadArticle = { key: this.key, state: 'open', commentCount: 0 };
    this.store.load({ article, items: [], next: null, position: 0 }, this.sort);
    this.problem = undefined;
  }

  async #create(): Promise<void> {
    try {
      this.key = await this.#meet();
      this.refusal = undefined;
      await this.load();
    } catch (error) {
      this.refusal = asProblem(error);
      this.changed();
      throw error;
    }
  }

  /** Tells Rostra of the article. @returns its key */
  async #meet(): Promise<string> {
    const url = this.#address;
    if (!url) throw new ApiProblem(404, { code: 'article.not_found' });
    // The page may show another story by now, which has another title.
    const title = articleUrl({}) === url ? pageTitle(document) : '';
    return (await api.post('/articles', { body: { url, title } })).key;
  }

  /** Reads what the signed-in reader liked, follows and waits for on this page; a signed-out reader has nothing. */
  async readMine(): Promise<void> {
    const me = session.account?.id ?? null;
    // The texts of the reader before are not shown to the next one, not even while theirs are read.
    if (me !== this.store.me) this.held = [];
    this.store.me = me;
    let mine: Mine | undefined;
    if (me && this.#exists)
      mine = await api.get('/articles/{key}/mine', { path: { key: this.key } }).catch(() => undefined);
    if ((session.account?.id ?? null) !== me) return;
    this.liked.clear();
    this.following.clear();
    for (const [id, kinds] of Object.entries(mine?.reactions ?? {})) if (kinds.includes('like')) this.liked.add(id);
    for (const id of mine?.following ?? []) this.following.add(id);
    this.held = mine?.held ?? [];
    this.editWindowSeconds = mine?.editWindowSeconds ?? 0;
    this.removals = mine?.removals ?? {};
    longest.characters = mine?.mostCharacters ?? Infinity;
    this.store.touchAll();
    this.changed();
  }
}
