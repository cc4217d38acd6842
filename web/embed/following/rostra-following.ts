import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { api } from '../../shared/api.js';
import type { Author, FeedItem, Page } from '../../shared/contract.js';
import { controls } from '../../shared/controls.js';
import { asProblem, type ApiProblem } from '../../shared/problem.js';
import { empty, failed, loading, signedOut, stateStyles } from '../../shared/states.js';
import { serverNow } from '../../shared/server-clock.js';
import { fullTime, relativeTime } from '../../shared/strings/translate.js';
import { tokens } from '../../shared/tokens.js';
import { signIn } from '../account/sign-in.js';
import { byline, commentBody } from '../comments/comment-body.js';
import { live, session } from '../common/page.js';
import { personStyles } from '../common/person.styles.js';
import { IsolatedElement } from '../common/isolated-element.js';
import { filled, rich, textOf } from '../common/strings.js';
import { markSeen, readFeed } from '../account/followed-feed.js';
import { feedStyles } from './styles.js';
import { t } from './words.js';

const PAGE = 20;

/** `<rostra-following>` shows live what followed readers write and the replies to it. */
export class RostraFollowing extends IsolatedElement {
  static override styles = [tokens, controls, stateStyles, personStyles, feedStyles];
  #items: FeedItem[] = [];
  /** The items that were read but are hidden until the reader asks for them, so that nothing jumps. */
  #fresh: FeedItem[] = [];
  #next: string | null = null;
  #readers: Author[] = [];
  #manyReaders = false;
  #status: 'loading' | 'ready' | 'failed' = 'loading';
  #problem: ApiProblem | undefined;
  #accountId: string | undefined;
  #rereading = false;
  #rereadAgain = false;
  readonly #stops: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    const timer = setInterval(() => this.requestUpdate(), 30_000);
    const back = () => {
      if (document.visibilityState === 'visible') this.#reread();
    };
    document.addEventListener('visibilitychange', back);
    this.#stops.push(
      () => clearInterval(timer),
      () => document.removeEventListener('visibilitychange', back),
      session.onChange(() => this.#load()),
      live.on('feed', () => this.#reread()),
    );
    void session.ready.then(() => this.#load());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) stop();
  }

  override render() {
    if (session.account === undefined) return loading(3);
    if (!session.account) return signedOut(this.#signIn, this.#problem ? textOf(this.#problem) : t('feed.signedOut'));
    if (this.#status === 'loading') return loading(3);
    if (this.#status === 'failed' && this.#problem) return failed(this.#problem, () => this.#load());
    const n = this.#fresh.length;
    return html`${this.#followedReaders()}
      <div class="sr" role="status" aria-live="polite">${n ? t('feed.new', { n }) : ''}</div>
      <div class="pill-row">
        ${n ? html`<button class="pill" @click=${this.#show}>${t('feed.new', { n })}</button>` : nothing}
      </div>
      ${
        this.#items.length
          ? repeat(
              this.#items,
              (it) => it.comment.id,
              (it) => this.#row(it),
            )
          : empty(t(this.#readers.length ? 'feed.quiet' : 'feed.empty'))
      }
      ${this.#next ? html`<button class="quiet more" @click=${this.#earlier}>${t('feed.more')}</button>` : nothing}`;
  }

  readonly #signIn = () => {
    signIn(this, 'whyFollowed').catch((error: unknown) => {
      this.#problem = asProblem(error);
      this.requestUpdate();
    });
  };

  #followedReaders() {
    if (!this.#readers.length) return nothing;
    return html`<details class="whom">
      <summary>${t(this.#manyReaders ? 'feed.whomMany' : 'feed.whom', { n: this.#readers.length })}</summary>
      <ul>
        ${this.#readers.map(
          (reader) =>
            html`<li>
              ${byline(reader)}
              <button class="quiet" @click=${() => void this.#unfollow(reader)}>
                ${t('follow.stop')}<span class="sr"> ${reader.displayName}</span>
              </button>
            </li>`,
        )}
      </ul>
    </details>`;
  }

  #row({ comment, article, parent }: FeedItem) {
    const { id, author, createdAt, body } = comment;
    const address = `${article.url}#rostra-comment-${id}`;
    const answered = parent?.author;
    const whom = answered?.id === session.account?.id ? t('feed.you') : html`<bdi>${answered?.displayName}</bdi>`;
    return html`<article tabindex="-1" id="item-${id}">
      <header class="who">
        ${author ? byline(author) : nothing}
        <a class="when" href=${address}
          ><time datetime=${createdAt} title=${fullTime(createdAt)}>${relativeTime(createdAt, serverNow())}</time></a
        >
        ${answered ? html`<span class="when">${rich('comment.inReplyTo', { name: whom })}</span>` : nothing}
      </header>
      ${parent?.body ? html`<p class="parent" dir="auto">${parent.body}</p>` : nothing} ${commentBody(body ?? '')}
      <p class="where">
        <a href=${address}>${filled(t('feed.in'), { title: html`<bdi>${article.title || article.url}</bdi>` })}</a>
      </p>
    </article>`;
  }

  /** Reads everything again at the start and when another reader signs in. */
  #load(): void {
    const accountId = session.account?.id;
    if (accountId !== this.#accountId) {
      this.#accountId = accountId;
      this.#problem = undefined;
      this.#items = [];
      this.#fresh = [];
      this.#readers = [];
      this.#status = 'loading';
    }
    this.requestUpdate();
    if (accountId) this.#reread();
  }

  /** Reads the first page again, one request at a time, and once more if an event came meanwhile. */
  #reread(): void {
    if (!session.account) return;
    if (this.#rereading) {
      this.#rereadAgain = true;
      return;
    }
    this.#rereading = true;
    this.#rereadAgain = false;
    void this.#readFirst().finally(() => {
      this.#rereading = false;
      if (this.#rereadAgain) this.#reread();
    });
  }

  async #readFirst(): Promise<void> {
    const accountId = this.#accountId;
    try {
      const [page, readers] = await Promise.all([
        readFeed(null, PAGE),
        api.get('/me/following', { query: { limit: 100 } }),
      ]);
      if (accountId !== this.#accountId) return;
      this.#readers = readers.items;
      this.#manyReaders = readers.next !== null;
      this.#merge(page);
      this.#status = 'ready';
      if (document.visibilityState === 'visible' && !this.#fresh.length) markSeen(this.#items);
    } catch (error) {
      if (accountId === this.#accountId && this.#status !== 'ready') {
        this.#problem = asProblem(error);
        this.#status = 'failed';
      }
    }
    this.requestUpdate();
  }

  /** Updates the items on the page in place; new ones stay hidden. */
  #merge(page: Page<FeedItem>): void {
    if (!this.#items.length) {
      this.#items = page.items;
      this.#fresh = [];
      this.#next = page.next;
      return;
    }
    const now = new Map(page.items.map((it) => [it.comment.id, it]));
    const oldest = page.items.at(-1)?.comment.createdAt ?? '';
    const covered = (it: FeedItem) => !page.next || Date.parse(it.comment.createdAt) > Date.parse(oldest);
    this.#items = this.#items.flatMap((it) => now.get(it.comment.id) ?? (covered(it) ? [] : [it]));
    const known = new Set(this.#items.map((it) => it.comment.id));
    const newest = Date.parse(this.#items[0]?.comment.createdAt ?? '') || 0;
    this.#fresh = page.items.filter((it) => !known.has(it.comment.id) && Date.parse(it.comment.createdAt) >= newest);
    // An older item came in between, because a reader who was followed just now brings past comments along.
    const between = page.items.filter((it) => !known.has(it.comment.id) && !this.#fresh.includes(it));
    if (between.length) this.#items = [...this.#items, ...between].sort(latestFirst);
    if (!this.#items.length) {
      this.#items = this.#fresh;
      this.#fresh = [];
    }
  }

  readonly #show = () => {
    const first = this.#fresh[0]?.comment.id;
    this.#items = [...this.#fresh, ...this.#items];
    this.#fresh = [];
    markSeen(this.#items);
    this.requestUpdate();
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#item-${first}`)?.focus());
  };

  readonly #earlier = () => {
    const accountId = this.#accountId;
    readFeed(this.#next, PAGE).then(
      (page) => {
        if (accountId !== this.#accountId) return;
        const known = new Set(this.#items.map((it) => it.comment.id));
        this.#items = [...this.#items, ...page.items.filter((it) => !known.has(it.comment.id))];
        this.#next = page.next;
        this.requestUpdate();
      },
      () => undefined,
    );
  };

  async #unfollow(reader: Author): Promise<void> {
    await api.delete('/readers/{id}/follow', { path: { id: reader.id } }).catch(() => undefined);
    this.#reread();
  }
}

const latestFirst = (a: FeedItem, b: FeedItem) => Date.parse(b.comment.createdAt) - Date.parse(a.comment.createdAt);
