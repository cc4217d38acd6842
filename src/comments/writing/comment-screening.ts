import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { isId } from '../../database/keyset.js';
import { row } from '../../database/rows.js';
import { notFound } from '../../errors/domain-error.js';
import type { AuthorAccount, AuthorHistory, ScreenedArticle, ScreeningContext } from '../../screening/rule.js';
import { type CommentVerdict, screenComment } from '../../screening/screen.js';
import { isPublicSql } from '../model/visibility.js';

/** Provides the facts by which the rules of screening judge a comment. */
@Injectable()
export class CommentScreening {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** @param article reads the comment's article; called only when a rule asks for it, and once */
  judge(text: string, accountId: string, article: () => Promise<ScreenedArticle>): Promise<CommentVerdict> {
    return screenComment(text, this.contextOf(accountId, article));
  }

  contextOf(accountId: string, article: () => Promise<ScreenedArticle>): Omit<ScreeningContext, 'body'> {
    return {
      author: { accountId },
      article: once(article),
      history: once(() => this.history(accountId)),
      account: once(() => this.account(accountId)),
    };
  }

  /** The article of a comment. @throws DomainError comment.not_found */
  async articleOf(commentId: string): Promise<ScreenedArticle> {
    const found = isId(commentId)
      ? await row<ScreenedArticle>(
          this.dataSource.sql`select a.id, a.key, a.url, a.section from comments c
            join articles a on a.id = c.article_id where c.id = ${commentId}`,
        )
      : undefined;
    if (!found) throw notFound('comment');
    return found;
  }

  private async account(accountId: string): Promise<AuthorAccount> {
    const found = await row<{ createdAt: Date; trusted: boolean }>(
      this.dataSource.sql`select created_at as "createdAt", role <> 'reader' or supporter as trusted
        from accounts where id = ${accountId}`,
    );
    const { createdAt, trusted } = found!;
    return { ageHours: (this.clock.now().getTime() - createdAt.getTime()) / 3_600_000, trusted };
  }

  private async history(accountId: string): Promise<AuthorHistory> {
    const counts = await row<AuthorHistory>(
      this.dataSource.sql`select
          count(*) filter (where ${() => isPublicSql('c')})::integer as published,
          count(*) filter (where c.removal_reason is not null)::integer as removed
        from comments c where c.author_id = ${accountId}`,
    );
    return counts!;
  }
}

/** Loads at the first call, and answers every later call with the same promise. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => (loaded ??= load());
}
