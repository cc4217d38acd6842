import { Injectable } from '@nestjs/common';
import { isId } from '../../database/keyset.js';
import { row, type Tx } from '../../database/rows.js';
import { notFound } from '../../errors/domain-error.js';
import { Settings } from '../../settings/settings.service.js';
import { Sites } from '../../settings/sites.service.js';
import { givenReason, moderationReasons, type Reason, type ReasonUse } from './reasons.settings.js';

/** Knows the reasons that the site of a comment has. */
@Injectable()
export class CommentReasons {
  constructor(
    private readonly settings: Settings,
    private readonly sites: Sites,
  ) {}

  /** Returns the reasons of an article's site. @param url the article's address */
  of(url: string): Reason[] {
    return this.settings.get(moderationReasons, this.sites.ofUrl(url));
  }

  /** Finds the reason that a report of a comment, or a decision on it, gives. @throws DomainError comment.not_found, reason.unknown */
  async given(db: Pick<Tx, 'sql'>, commentId: string, use: ReasonUse, id: string): Promise<Reason> {
    const article = isId(commentId)
      ? await row<{ url: string }>(
          db.sql`select a.url from comments c join articles a on a.id = c.article_id where c.id = ${commentId}`,
        )
      : undefined;
    if (!article) throw notFound('comment');
    return givenReason(this.of(article.url), use, id);
  }

  /** Finds the reason of a decision on a text under an article. @throws DomainError reason.unknown */
  async givenAt(db: Pick<Tx, 'sql'>, articleId: string, use: ReasonUse, id: string): Promise<Reason> {
    const article = await row<{ url: string }>(db.sql`select url from articles where id = ${articleId}`);
    return givenReason(this.of(article!.url), use, id);
  }
}
