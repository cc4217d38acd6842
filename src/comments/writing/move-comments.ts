import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ArticleJoins } from '../../articles/article-joins.service.js';

/** Moves comments and reactions when the operator joins two conversations. */
@Injectable()
export class MoveComments implements OnModuleInit {
  constructor(private readonly joins: ArticleJoins) {}

  onModuleInit(): void {
    this.joins.onJoin(async (tx, from, to) => {
      await tx.sql`update comments set article_id = ${to} where article_id = ${from}`;
      await tx.sql`update held_comments set article_id = ${to} where article_id = ${from}`;
      await tx.sql`update reactions set article_id = ${to} where article_id = ${from}`;
      await tx.sql`update reaction_marks set article_id = ${to} where article_id = ${from}`;
    });
  }
}
