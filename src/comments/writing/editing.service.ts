import { Injectable } from '@nestjs/common';
import { appendToLog } from '../../articles/conversation-log.js';
import { Clock } from '../../clock/clock.js';
import type { Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { DomainError, notFound } from '../../errors/domain-error.js';
import { NearDuplicates } from '../../screening/near-duplicates.service.js';
import { Settings } from '../../settings/settings.service.js';
import { Sites } from '../../settings/sites.service.js';
import { type Hold, refusedText } from '../../screening/screening-verdict.js';
import { CommentEvents } from '../model/comment-events.js';
import {
  commentViews,
  leaveThread,
  lockCommentInArticle,
  type LockedComment,
  moveReplyCount,
} from '../model/comment.rows.js';
import { CommentEntity, CommentRevisionEntity } from '../model/comments.entity.js';
import { editWindow } from '../model/conversation.settings.js';
import { isPublic } from '../model/visibility.js';
import { CommentScreening } from './comment-screening.js';

/** A public comment does not leave the page because its author changes a word, so a change that would wait is refused. */
const heldEdit = ({ reason }: Hold): DomainError =>
  new DomainError('comment.edit_held', 'unprocessable', {
    detail: `${reason} This change was not saved. You can post the new text as a comment of its own, and delete this one.`,
    errors: [{ path: 'body', message: reason }],
  });

/** Edits and deletes comments for their authors. */
@Injectable()
export class EditingService {
  constructor(
    private readonly transactions: Transactions,
    private readonly events: CommentEvents,
    private readonly screening: CommentScreening,
    private readonly similar: NearDuplicates,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly sites: Sites,
  ) {}

  /**
   * Changes the text of an own comment within the edit window. The text before is kept for the desk.
   * @returns the comment's JSON
   * @throws DomainError comment.not_found (also for a comment of somebody else), comment.removed,
   *   comment.edit_window_over, comment.edit_held, comment.similar,
   *   the refusals of screening
   */
  async edit(accountId: string, id: string, text: string): Promise<string> {
    const article = await this.screening.articleOf(id);
    const verdict = await this.screening.judge(text, accountId, article);
    if (verdict.verdict === 'refuse') throw refusedText(verdict);
    if (verdict.verdict === 'hold') throw heldEdit(verdict);
    const { body } = verdict;
    await this.similar.refuse({ accountId, article, body });
    const now = this.clock.now();
    return this.transactions.run(async (tx) => {
      const comment = await this.lockOwn(tx, accountId, id);
      if (comment.state === 'deleted') throw notFound('comment');
      if (comment.state === 'removed')
        throw new DomainError('comment.removed', 'conflict', {
          detail: 'A moderator has removed this comment. It can no longer be edited. You can still delete it.',
        });
      const minutes = this.settings.get(editWindow, this.sites.ofUrl(article.url));
      if (now.getTime() - comment.createdAt.getTime() > minutes * 60_000)
        throw new DomainError('comment.edit_window_over', 'conflict', {
          detail: `A comment can be edited for ${minutes} minutes after it was posted. You can still delete it.`,
        });
      if (body !== comment.body) {
        await tx.getRepository(CommentRevisionEntity).insert({
          commentId: id,
          revision: comment.revision,
          body: comment.body,
          writtenAt: comment.editedAt ?? comment.createdAt,
        });
        const revision = comment.revision + 1;
        await tx.getRepository(CommentEntity).update({ id }, { body, revision, editedAt: now });
        await appendToLog(tx, comment.articleId, [{ kind: 'comment', commentId: id, revision }], 0);
      }
      this.events.publish(tx, comment);
      return (await commentViews(tx, [id])).get(id)!;
    });
  }

  /**
   * Deletes an own comment, which stays as a tombstone while it holds replies. Deleting it again changes nothing. A comment
   * that a moderator removed is deleted for good, too: lifting the removal does not bring it back.
   */
  async delete(accountId: string, id: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const comment = await this.lockOwn(tx, accountId, id, 'ancestors');
      if (comment.state === 'deleted') return;
      const counted = isPublic(comment);
      await tx.getRepository(CommentEntity).update({ id }, { state: 'deleted', deletedAt: this.clock.now() });
      if (counted) await moveReplyCount(tx, comment.parentId, -1);
      const changed = [comment, ...(await leaveThread(tx, comment))];
      const entries = changed.map((it) => ({ kind: 'comment', commentId: it.id, revision: it.revision }) as const);
      await appendToLog(tx, comment.articleId, entries, counted ? -1 : 0);
      this.events.publish(tx, comment);
    });
  }

  private async lockOwn(tx: Tx, accountId: string, id: string, above?: 'parent' | 'ancestors'): Promise<LockedComment> {
    const { comment } = await lockCommentInArticle(tx, id, above);
    if (comment.authorId !== accountId) throw notFound('comment');
    return comment;
  }
}
