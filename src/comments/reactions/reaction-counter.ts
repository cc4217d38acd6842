import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { appendToLog, lockArticle } from '../../articles/conversation-log.js';
import { Clock } from '../../clock/clock.js';
import { Config } from '../../config/config.js';
import { rows, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { EventBus } from '../../events/event-bus.js';
import { rankSql } from '../model/comment.sql.js';
import { lockComments } from '../model/comment.rows.js';

const EVERY_MS = 1_000;

/**
 * Recounts, every second, the reactions of the comments whose reactions changed, updates their rank and appends one log
 * row for each article. It counts anew instead of adding, so a repeat does no harm. It runs in the worker roles; where
 * several run, each article is counted by one at a time.
 */
@Injectable()
export class ReactionCounter implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('Reactions');
  private stop: (() => Promise<void>) | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly events: EventBus,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role === 'web') return;
    this.stop = this.clock.every(
      EVERY_MS,
      () => this.countChanged(),
      (error) => this.log.warn(`Reactions could not be counted: ${(error as Error).message}`),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stop?.();
  }

  /** Counts the changes that are recorded now. */
  async countChanged(): Promise<void> {
    const articles = await rows<{ articleId: string }>(
      this.dataSource.sql`select distinct article_id as "articleId" from reaction_marks limit 200`,
    );
    for (const { articleId } of articles) {
      await this.transactions.run((tx) => this.countArticle(tx, articleId));
    }
  }

  private async countArticle(tx: Tx, articleId: string): Promise<void> {
    await lockArticle(tx, articleId);
    const changes = await rows<{ id: string }>(
      tx.sql`delete from reaction_marks where article_id = ${articleId} returning comment_id as id`,
    );
    const ids = [...new Set(changes.map((it) => it.id))];
    if (!ids.length) return;
    await lockComments(tx, ids);
    // This statement runs after the delete, so a reaction that it does not see has left a row for the next count.
    await tx.sql`
      update comments c set reactions = n.counts, score = n.total, rank = ${() => rankSql('c.created_at', 'n.total')}
      from (
        select it.id, coalesce(jsonb_object_agg(r.kind, r.n) filter (where r.kind is not null), '{}') as counts,
          coalesce(sum(r.n), 0)::integer as total
        from unnest(${ids}::bigint[]) as it (id)
        left join lateral (
          select kind, count(*)::integer as n from reactions where comment_id = it.id group by kind) r on true
        group by it.id) n
      where c.id = n.id`;
    await appendToLog(tx, articleId, [{ kind: 'reactions', commentIds: ids }], 0);
    this.events.publish(tx, 'log', `article:${articleId}`);
  }
}
