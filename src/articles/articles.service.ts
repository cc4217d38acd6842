import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { constraintOf } from '../database/postgres-errors.js';
import { row, rows, type Tx } from '../database/rows.js';
import { Transactions } from '../database/transaction.js';
import { DomainError, notFound } from '../errors/domain-error.js';
import { enqueue } from '../jobs/job.js';
import { EventBus } from '../events/event-bus.js';
import { titleSql } from './article-title.js';
import { keyOfUrl, normalAddress } from './article-url.js';
import { ArticleAliasEntity } from './articles.entity.js';
import { appendToLog, lockArticle } from './conversation-log.js';
import { readPage } from './read-page.job.js';

export interface Article {
  id: string;
  key: string;
  url: string;
  title: string;
  section: string | null;
  publishedAt: Date | null;
  /** `missing` when the publisher's site says that there is no such page. */
  pageState: 'unread' | 'found' | 'missing' | 'unclear';
  state: 'open' | 'closed';
  seq: string;
  commentCount: number;
}

interface ArticleData {
  url: string;
  title: string;
  section?: string | null | undefined;
  publishedAt?: string | null | undefined;
  state?: 'open' | 'closed' | undefined;
}

/** SQL of the id of the article that has, or had, the key in the parameter `$1`. */
export const articleIdSql = `coalesce((select id from articles where key = $1), (select article_id from article_aliases where key = $1))`;

const PUT_LOCK = 7003;

/** Serialises the writes of publishers and of the operator, because what one has read must still hold when it writes. */
export const lockPublisherWrites = (tx: Tx): Promise<unknown> => tx.sql`select pg_advisory_xact_lock(${PUT_LOCK}, 0)`;

const READ_AGAIN_MINUTES = 10;
const MISSING_READ_AGAIN_MINUTES = 1;

interface ReadState {
  id: string;
  key: string;
  pageState: Article['pageState'];
  pageReadAt: Date | null;
}
const READ_STATE = `id, key, page_state as "pageState", page_read_at as "pageReadAt"`;

const COLUMNS = `id, key, url, ${titleSql('articles')} as title, page_state as "pageState", section, published_at as "publishedAt", state, seq, comment_count as "commentCount"`;

@Injectable()
export class ArticlesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly events: EventBus,
    private readonly clock: Clock,
  ) {}

  /** Finds an article by its key or an earlier key. @throws DomainError article.not_found */
  async byKey(key: string, db: DataSource | Tx = this.dataSource): Promise<Article> {
    const found = await this.find(db, key);
    if (!found) throw notFound('article');
    return found;
  }

  /** Finds an article as the operator names it: by its key, or by its address. @throws DomainError article.not_found */
  async byKeyOrUrl(name: string): Promise<Article> {
    if (!/^https?:/i.test(name) || !URL.canParse(name)) return this.byKey(name);
    const stored = await row<{ key: string }>(this.dataSource.sql`select key from articles where url = ${name}`);
    return this.byKey(stored?.key ?? (await this.keyOf(normalAddress(name))) ?? name);
  }

  /** Returns the positions of these articles' conversations, by article id. */
  async positions(ids: string[]): Promise<Map<string, string>> {
    const found = await rows<{ id: string; seq: string }>(
      this.dataSource.sql`select id, seq from articles where id = any(${ids}::bigint[])`,
    );
    return new Map(found.map((it) => [it.id, it.seq]));
  }

  /**
   * Returns the key of the article that has this URL, or that was created from it and has moved since. A page that could
   * not be read is read again at its next visit.
   */
  async keyOf(url: string): Promise<string | undefined> {
    const found =
      (await row<ReadState>(this.dataSource.sql`select ${() => READ_STATE} from articles where url = ${url}`)) ??
      (await row<ReadState>(this.dataSource, `select ${READ_STATE} from articles where id = ${articleIdSql}`, [
        keyOfUrl(url),
      ]));
    if (!found) return undefined;
    if (found.pageState !== 'found' && this.isDue(found)) await this.readAgain(found.id);
    return found.key;
  }

  /**
   * Creates an article from its URL, at the first visit of its page. A job reads the title from the page, because what
   * an anonymous caller says of it may be false.
   * @param title the title, if the caller is the operator
   * @returns its key
   */
  async createFromPage(url: string, title?: string): Promise<string> {
    const made = await this.transactions.run(async (tx) => {
      const created = await row<{ id: string; key: string }>(tx.sql`
        insert into articles (key, url, title, title_from, page_read_at)
        values (${keyOfUrl(url)}, ${url}, ${title ?? ''}, ${title === undefined ? null : 'publisher'},
          ${this.clock.now()})
        on conflict do nothing returning id, key`);
      if (created && title === undefined) await this.enqueueReading(tx, created.id);
      return created;
    });
    return (made?.key ?? (await this.keyOf(url)))!; // another request created it at the same moment
  }

  private isDue({ pageState, pageReadAt }: ReadState): boolean {
    const minutes = pageState === 'missing' ? MISSING_READ_AGAIN_MINUTES : READ_AGAIN_MINUTES;
    return !pageReadAt || this.clock.now().getTime() - pageReadAt.getTime() >= minutes * 60_000;
  }

  private async readAgain(id: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      // Of several visits at the same moment one reads the page.
      const claimed = await row(tx.sql`
        update articles set page_read_at = ${this.clock.now()}
        where id = ${id} and (page_read_at is null or page_read_at < ${this.clock.now()}) returning id`);
      if (claimed) await this.enqueueReading(tx, id);
    });
  }

  /** One page is read at a time, so that slow pages cannot hold all workers. */
  private enqueueReading(tx: Tx, articleId: string): Promise<void> {
    return enqueue(tx, readPage, { articleId }, { key: `read-page:${articleId}`, queue: 'read-page' });
  }

  /**
   * Creates or updates an article as the publisher describes it. Another key for a known URL renames the article, and
   * its old key stays as an alias. Open pages get the change.
   * @throws DomainError article.url_taken, article.key_taken
   */
  async put(key: string, article: ArticleData): Promise<Article> {
    const write = (): Promise<Article> => this.transactions.run((tx) => this.write(tx, key, article));
    return write()
      .catch((error: unknown) => {
        // a reader's visit created the article meanwhile
        if (constraintOf(error) === 'articles_url_unique') return write();
        throw error;
      })
      .catch((error: unknown) => {
        if (constraintOf(error) === 'articles_url_unique') throw urlTaken;
        throw error;
      });
  }

  private async write(tx: Tx, key: string, { url, title, section, publishedAt, state }: ArticleData): Promise<Article> {
    await lockPublisherWrites(tx);
    const byKey = await this.find(tx, key);
    const byUrl = await row<Article>(tx.sql`select ${() => COLUMNS} from articles where url = ${url}`);
    if (byKey && byUrl && byKey.id !== byUrl.id)
      throw new DomainError('article.key_taken', 'conflict', {
        detail: 'The key and the URL belong to two different articles. Use the key of the article that has this URL.',
      });
    const known = byKey ?? byUrl;
    if (!known) {
      const made = await row<Article>(
        tx.sql`insert into articles (key, url, title, title_from, page_state, section, published_at, state)
          values (${key}, ${url}, ${title}, 'publisher', 'found', ${section ?? null}, ${publishedAt ?? null}, ${state ?? 'open'})
          on conflict (key) do nothing returning ${() => COLUMNS}`,
      );
      // another request was first: update its article
      return made ?? this.write(tx, key, { url, title, section, publishedAt, state });
    }
    await lockArticle(tx, known.id);
    if (known.key !== key) {
      await tx.getRepository(ArticleAliasEntity).delete({ key }); // the article may get an earlier key back
      await tx.sql`insert into article_aliases (key, article_id) values (${known.key}, ${known.id})
        on conflict do nothing`;
    }
    await tx.sql`update articles set key = ${key}, url = ${url}, title = ${title}, title_from = 'publisher', page_state = 'found', section = ${section ?? null},
      published_at = ${publishedAt ?? null}, state = coalesce(${state ?? null}::text, state) where id = ${known.id}`;
    await appendToLog(tx, known.id, [{ kind: 'article' }], 0);
    this.events.publish(tx, 'log', `article:${known.id}`);
    return (await this.find(tx, key))!;
  }

  // Posting reads an article by this text, which is constant because the `sql` tag would build it anew at each call.
  private find(db: DataSource | Tx, key: string): Promise<Article | undefined> {
    return row<Article>(db, `select ${COLUMNS} from articles where id = ${articleIdSql}`, [key]);
  }
}

const urlTaken = new DomainError('article.url_taken', 'conflict', {
  detail: 'Another article has this URL. Update that article instead.',
});
