import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ArticleJoins } from '../../articles/article-joins.service.js';

/**
 * Drops the position of a conversation that the operator joined into another one. The log of that one has all its
 * replies again, and `reply_alerts` knows which of them have alerted.
 */
@Injectable()
export class MoveReplyCursors implements OnModuleInit {
  constructor(private readonly joins: ArticleJoins) {}

  onModuleInit(): void {
    this.joins.onJoin(async (tx, from) => {
      await tx.sql`delete from reply_cursors where article_id = ${from}`;
    });
  }
}
