import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { row, type Tx } from '../database/rows.js';
import { Transactions } from '../database/transaction.js';
import { EventBus } from '../events/event-bus.js';
import { keyOfUrl } from './article-url.js';
import { type Article, ArticlesService, lockPublisherWrites } from './articles.service.js';

/** Moves what belongs to the article `from` to the article `to`. */
type Mover = (tx: Tx, from: string, to: string) => Promise<void>;

/**
 * Joins two conversations, such as those that one story got under two addresses. Folders above register movers for
 * their rows. Everything happens in one transaction.
 */
@Injectable()
export class ArticleJoins {
  private readonly movers: Mover[] = [];

  constructor(
    private readonly articles: ArticlesService,
    private readonly transactions: Transactions,
    private readonly audit: AuditService,
    private readonly events: EventBus,
  ) {}

  /** Registers a mover, which runs in the transaction of a join while both articles are locked. */
  onJoin(mover: Mover): void {
    this.movers.push(mover);
  }

  /**
   * Moves a conversation into another one. Its keys and its address lead there afterwards. The title, the address and
   * the state of the other one stay.
   * @param other the key or the address of the conversation that moves
   * @param kept the key or the address of the one that stays
   * @throws DomainError article.not_found; Error when both are the same
   */
  async join(other: string, kept: string): Promise<Article> {
    const [from, to] = [await this.articles.byKeyOrUrl(other), await this.articles.byKeyOrUrl(kept)];
    if (from.id === to.id) throw new Error('Both names lead to the same conversation already.');
    return this.transactions.run(async (tx) => {
      await lockPublisherWrites(tx);
      const ids = [from.id, to.id].sort((a, b) => Number(BigInt(a) - BigInt(b)));
      for (const id of ids) await tx.sql`select from articles where id = ${id} for update`;
      await this.extendLog(tx, from.id, to.id);
      await tx.sql`delete from conversation_log where article_id = ${from.id}`;
      for (const move of this.movers) await move(tx, from.id, to.id);
      await this.redirect(tx, from.id, to.id);
      await this.audit.record(tx, {
        actorId: null,
        action: 'article.join',
        subjectId: to.id,
        detail: { key: from.key, url: from.url },
      });
      this.events.publish(tx, 'log', `article:${from.id}`);
      this.events.publish(tx, 'log', `article:${to.id}`);
      return this.articles.byKey(to.key, tx);
    });
  }

  /**
   * Logs every comment of both conversations anew, after the positions of both. An open page of either one, which
   * goes on from its own position, then gets the comments of the other.
   */
  private async extendLog(tx: Tx, from: string, to: string): Promise<void> {
    await tx.sql`
      with last as (select max(seq) as seq from articles where id in (${from}, ${to})),
      entry as (
        select g as seq, 'article' as kind, null::bigint as comment_id, null::integer as revision
        from last, generate_series((select seq + 1 from articles where id = ${to}), last.seq) g
        union all
        select last.seq + row_number() over (order by c.id), 'comment', c.id, c.revision
        from last, comments c where c.article_id in (${from}, ${to})
        union all
        select last.seq + 1 + (select count(*) from comments c where c.article_id in (${from}, ${to})), 'article',
          null, null from last),
      logged as (
        insert into conversation_log (article_id, seq, kind, comment_id, revision, logged_at)
        select ${to}::bigint, seq, kind, comment_id, revision, null from entry returning seq)
      update articles set seq = (select max(seq) from logged),
        comment_count = comment_count + (select comment_count from articles where id = ${from})
      where id = ${to}`;
  }

  /** Makes the keys and the address of a conversation lead to another one, and deletes its row. */
  private async redirect(tx: Tx, from: string, to: string): Promise<void> {
    await tx.sql`update article_aliases set article_id = ${to} where article_id = ${from}`;
    const gone = await row<{ key: string; url: string }>(
      tx.sql`delete from articles where id = ${from} returning key, url`,
    );
    for (const key of [gone!.key, keyOfUrl(gone!.url)])
      await tx.sql`insert into article_aliases (key, article_id) select ${key}, ${to}
        where not exists (select from articles where key = ${key}) on conflict do nothing`;
  }
}
