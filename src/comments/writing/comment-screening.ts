import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { isId } from '../../database/keyset.js';
import { row } from '../../database/rows.js';
import { notFound } from '../../errors/domain-error.js';
import type {
  AuthorAccount,
  AuthorHistory,
  RecentHistory,
  ScreenedArticle,
  ScreeningContext,
} from '../../screening/rule.js';
import { floodMinutes, MOST_RECENT, rejectionDays } from '../../screening/behaviour.settings.js';
import { Learner } from '../../learner/learner.service.js';
import { type CommentVerdict, screenComment } from '../../screening/screen.js';
import { Settings } from '../../settings/settings.service.js';
import type { SiteKey } from '../../settings/setting.js';
import { Sites } from '../../settings/sites.service.js';
import { isPublicSql } from '../model/visibility.js';

/** Provides the facts by which the rules of screening judge a comment. */
@Injectable()
export class CommentScreening {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly sites: Sites,
    private readonly learner: Learner,
  ) {}

  /** Judges a text by the rules of the article's site. */
  judge(text: string, accountId: string, article: ScreenedArticle): Promise<CommentVerdict> {
    return screenComment(text, this.contextOf(accountId, article));
  }

  contextOf(accountId: string, article: ScreenedArticle): Omit<ScreeningContext, 'body'> {
    const site = this.sites.ofUrl(article.url);
    return {
      author: { accountId },
      article,
      setting: (it) => this.settings.get(it, site),
      history: once(() => this.history(accountId)),
      account: once(() => this.account(accountId)),
      recent: once(() => this.recent(accountId, site)),
      learned: (text) => this.learner.score(text),
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
    const found = await row<{ createdAt: Date; trusted: boolean; staff: boolean }>(
      this.dataSource
        .sql`select created_at as "createdAt", role <> 'reader' as staff, role <> 'reader' or supporter as trusted
        from accounts where id = ${accountId}`,
    );
    const { createdAt, trusted, staff } = found!;
    return { ageHours: (this.clock.now().getTime() - createdAt.getTime()) / 3_600_000, trusted, staff };
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

  /** Reads the author's newest comments only, by their index, so it costs the same for everybody. */
  private async recent(accountId: string, site: SiteKey): Promise<RecentHistory> {
    const now = this.clock.now().getTime();
    const floodFrom = new Date(now - this.settings.get(floodMinutes, site) * 60_000);
    const removedFrom = new Date(now - this.settings.get(rejectionDays, site) * 86_400_000);
    const counts = await row<RecentHistory>(
      this.dataSource.sql`select
          count(*) filter (where created_at > ${floodFrom})::integer as written,
          count(*) filter (where is_removed and created_at > ${removedFrom})::integer as removed
        from (
          (select created_at, removal_reason is not null as is_removed from comments
            where author_id = ${accountId} order by id desc limit ${MOST_RECENT})
          union all
          (select created_at, state = 'rejected' from held_comments
            where author_id = ${accountId} and state <> 'approved' order by id desc limit ${MOST_RECENT})) newest`,
    );
    return counts!;
  }
}

/** Loads at the first call, and answers every later call with the same promise. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => (loaded ??= load());
}
