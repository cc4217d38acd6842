import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ArticleJoins } from '../../articles/article-joins.service.js';

/** Keeps the story of each donation when the operator joins two conversations. */
@Injectable()
export class MoveDonations implements OnModuleInit {
  constructor(private readonly joins: ArticleJoins) {}

  onModuleInit(): void {
    this.joins.onJoin(async (tx, from, to) => {
      await tx.sql`update donations set article_id = ${to} where article_id = ${from}`;
    });
  }
}
