import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Viewer } from '../../accounts/sessions/viewer.js';
import { ArticlesService } from '../../articles/articles.service.js';
import { Clock } from '../../clock/clock.js';
import { row } from '../../database/rows.js';
import { DomainError } from '../../errors/domain-error.js';
import { RateLimits } from '../../http/rate-limits.js';
import { Settings } from '../../settings/settings.service.js';
import { Sites } from '../../settings/sites.service.js';
import { slowMode } from '../model/conversation.settings.js';

/** So many comments of a reader are looked through for the last one under an article. Nobody posts more in a pause. */
const NEWEST = 500;

/** Keeps a pause between two comments of a reader under one article, where the newsroom wants one. */
@Injectable()
export class SlowMode {
  constructor(
    private readonly dataSource: DataSource,
    private readonly articles: ArticlesService,
    private readonly limits: RateLimits,
    private readonly settings: Settings,
    private readonly sites: Sites,
    private readonly clock: Clock,
  ) {}

  /** Lets a post pass when the reader's pause is over. Staff have none. @throws DomainError comment.too_soon */
  async pass({ accountId, role }: Viewer, articleKey: string): Promise<void> {
    // Where no site has a pause, posting reads nothing for it.
    if (role !== 'reader' || [null, ...this.settings.sites].every((it) => !this.settings.get(slowMode, it))) return;
    const { id, url } = await this.articles.byKey(articleKey);
    const seconds = this.settings.get(slowMode, this.sites.ofUrl(url));
    if (!seconds) return;
    // Of posts that come at the same moment one passes. The others see its comment, or try again after a second.
    const wait =
      (await this.pauseLeft(accountId, id, seconds)) || (await this.limits.pause('slow-mode', `${accountId}:${id}`, 1));
    if (wait > 0)
      throw new DomainError('comment.too_soon', 'tooMany', {
        detail: `This conversation is in slow mode: you can post one comment every ${seconds === 1 ? 'second' : `${seconds} seconds`}. Your text is kept.`,
        retryAfter: wait,
      });
  }

  private async pauseLeft(accountId: string, articleId: string, seconds: number): Promise<number> {
    const last = await row<{ at: Date | null }>(this.dataSource.sql`
      select max(created_at) as at
      from (select article_id, created_at from comments where author_id = ${accountId} order by id desc limit ${NEWEST}) newest
      where article_id = ${articleId}`);
    if (!last?.at) return 0;
    return Math.max(0, Math.ceil(seconds - (this.clock.now().getTime() - last.at.getTime()) / 1000));
  }
}
