import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import type { Viewer } from '../accounts/sessions/viewer.js';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../clock/clock.js';
import { CommentReasons } from '../comments/model/comment-reasons.js';
import type { LockedComment } from '../comments/model/comment.rows.js';
import type { Reason } from '../comments/model/reasons.settings.js';
import { type CommentState, isPublic } from '../comments/model/visibility.js';
import { RemovalService } from '../comments/writing/removal.service.js';
import { row, type Tx } from '../database/rows.js';
import { Transactions } from '../database/transaction.js';
import { DomainError, notFound } from '../errors/domain-error.js';
import { EventBus } from '../events/event-bus.js';
import { type Claim, Idempotency, type StoredAnswer } from '../http/idempotency.js';
import { DecisionEntity, ReportEntity } from './moderation.entity.js';
import { decisionJson } from './moderation.queries.js';

export interface NewDecision {
  action: 'remove' | 'restore' | 'keep';
  reason: string;
  note?: string | null | undefined;
  revision?: number | undefined;
}

/**
 * Decides on comments. The change of the comment, the decision, its entry in the audit log and the closing of the reports
 * are one transaction.
 */
@Injectable()
export class DecisionsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly removal: RemovalService,
    private readonly reasons: CommentReasons,
    private readonly audit: AuditService,
    private readonly idempotency: Idempotency,
    private readonly events: EventBus,
    private readonly clock: Clock,
  ) {}

  /**
   * Removes, restores or keeps a comment.
   * @returns 201 with the decision and the comment
   * @throws DomainError comment.not_found; reason.unknown; moderation.already_decided, with the current state and the decision that led
   *   to it, when a colleague decided first; moderation.edited when the text changed since the moderator read it
   */
  async decide(moderator: Viewer, commentId: string, request: NewDecision, claim?: Claim): Promise<StoredAnswer> {
    return this.transactions.run((tx) =>
      this.idempotency.once(tx, claim, async () => {
        const reason = await this.reasons.given(tx, commentId, 'decisions', request.reason);
        const comment = await this.removal.lock(tx, commentId);
        await this.refuseOutdated(tx, comment, request);
        const stateAfter = await this.apply(tx, comment, request.action, reason);
        const decision = await this.record(tx, moderator, comment, stateAfter, request);
        this.events.publish(tx, 'queue', 'staff');
        return {
          status: 201,
          answer: `{"decision":${decision},"comment":${await this.removal.view(tx, commentId)}}`,
        };
      }),
    );
  }

  /** @returns the comment's state afterwards */
  private async apply(
    tx: Tx,
    comment: LockedComment,
    action: NewDecision['action'],
    reason: Reason,
  ): Promise<CommentState> {
    if (action === 'restore') return this.removal.restore(tx, comment);
    if (action === 'keep') return comment.state;
    await this.removal.remove(tx, comment, reason);
    return 'removed';
  }

  private async refuseOutdated(tx: Tx, comment: LockedComment, { action, revision }: NewDecision): Promise<void> {
    const isRemoved = comment.removalReason !== null;
    // A removal can be lifted also when the author has deleted the comment since. It stays deleted.
    if (comment.state === 'deleted' && !(action === 'restore' && isRemoved)) throw notFound('comment');
    const decidable = action === 'restore' ? isRemoved : isPublic(comment);
    const nothingToKeep = action === 'keep' && !(await this.hasOpenReports(tx, comment.id));
    if (!decidable || nothingToKeep) {
      const last = await this.lastDecision(tx, comment.id);
      throw new DomainError('moderation.already_decided', 'conflict', {
        detail: 'A colleague has already decided on this comment. Read the comment again.',
        members: { state: comment.state, decision: last ?? null },
      });
    }
    if (revision !== undefined && revision !== comment.revision)
      throw new DomainError('moderation.edited', 'conflict', {
        detail: 'The author has changed the text since you opened it. Read it again before you decide.',
        members: { state: comment.state, revision: comment.revision },
      });
  }

  private async record(
    tx: Tx,
    moderator: Viewer,
    { id, revision, state }: LockedComment,
    stateAfter: CommentState,
    { action, reason, note }: NewDecision,
  ): Promise<string> {
    const { identifiers } = await tx.getRepository(DecisionEntity).insert({
      commentId: id,
      heldId: null,
      revision,
      moderatorId: moderator.accountId,
      action,
      reason,
      note: note || null,
      stateBefore: state,
      stateAfter,
      createdAt: this.clock.now(),
    });
    const decisionId = (identifiers[0] as { id: string }).id;
    await tx.getRepository(ReportEntity).update({ commentId: id, decisionId: IsNull() }, { decisionId });
    await this.audit.record(tx, {
      actorId: moderator.accountId,
      action: `comment.${action}`,
      subjectId: id,
      detail: { decisionId, reason },
    });
    const view = await row<{ json: string }>(tx.sql`
      select ${() => decisionJson('d')}::text as json
      from decisions d join accounts m on m.id = d.moderator_id where d.id = ${decisionId}`);
    return view!.json;
  }

  private async hasOpenReports(tx: Tx, commentId: string): Promise<boolean> {
    return tx.getRepository(ReportEntity).existsBy({ commentId, decisionId: IsNull() });
  }

  private async lastDecision(tx: Tx, commentId: string): Promise<unknown> {
    const found = await row<{ decision: unknown }>(tx.sql`
      select ${() => decisionJson('d')} as decision
      from decisions d join accounts m on m.id = d.moderator_id
      where d.comment_id = ${commentId} order by d.id desc limit 1`);
    return found?.decision;
  }
}
