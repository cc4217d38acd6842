import { Injectable } from '@nestjs/common';
import { appendToLog } from '../../articles/conversation-log.js';
import type { Tx } from '../../database/rows.js';
import { CommentEvents } from '../model/comment-events.js';
import { commentViews, lockCommentInArticle, type LockedComment, moveReplyCount } from '../model/comment.rows.js';
import { CommentEntity } from '../model/comments.entity.js';
import { type Reason, shownLabel } from '../model/reasons.settings.js';
import { type CommentState, PUBLISHED } from '../model/visibility.js';

/** Removes and restores comments for moderation, which owns the transaction. */
@Injectable()
export class RemovalService {
  constructor(private readonly events: CommentEvents) {}

  /** Locks the comment as every write does. @throws DomainError comment.not_found */
  async lock(tx: Tx, id: string): Promise<LockedComment> {
    return (await lockCommentInArticle(tx, id)).comment;
  }

  /** Removes a published comment, which stays as a tombstone that gives the reason. */
  async remove(tx: Tx, comment: LockedComment, reason: Reason): Promise<void> {
    const removal = { removalReason: reason.id, removalLabel: shownLabel(reason) };
    await tx.getRepository(CommentEntity).update({ id: comment.id }, { state: 'removed', ...removal });
    await this.changed(tx, comment, -1);
  }

  /**
   * Lifts a removal: the comment returns to its place, unless its author has deleted it meanwhile.
   * @returns the comment's state
   */
  async restore(tx: Tx, comment: LockedComment): Promise<CommentState> {
    const state = comment.state === 'deleted' ? comment.state : PUBLISHED;
    await tx
      .getRepository(CommentEntity)
      .update({ id: comment.id }, { state, removalReason: null, removalLabel: null });
    if (state === PUBLISHED) await this.changed(tx, comment, 1);
    return state;
  }

  /** The comment's JSON within the transaction. */
  async view(tx: Tx, id: string): Promise<string> {
    return (await commentViews(tx, [id])).get(id)!;
  }

  private async changed(tx: Tx, comment: LockedComment, delta: 1 | -1): Promise<void> {
    const { id, articleId, parentId, revision } = comment;
    await moveReplyCount(tx, parentId, delta);
    await appendToLog(tx, articleId, [{ kind: 'comment', commentId: id, revision }], delta);
    this.events.publish(tx, comment);
  }
}
