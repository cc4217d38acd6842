import { Injectable } from '@nestjs/common';
import type { Viewer } from '../accounts/sessions/viewer.js';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../clock/clock.js';
import { PUBLISHED } from '../comments/model/visibility.js';
import { CommentReasons } from '../comments/model/comment-reasons.js';
import type { HeldComment } from '../comments/model/held-comment.js';
import { HeldComments } from '../comments/writing/held-comments.service.js';
import { row, type Tx } from '../database/rows.js';
import { Transactions } from '../database/transaction.js';
import { DomainError } from '../errors/domain-error.js';
import { EventBus } from '../events/event-bus.js';
import { type Claim, Idempotency, type StoredAnswer } from '../http/idempotency.js';
import { heldCaseJson, HELD_JOINS } from './held.queries.js';
import { DecisionEntity } from './moderation.entity.js';

export type HeldDecision =
  | { action: 'approve'; note?: string | null | undefined }
  | { action: 'reject'; reason: string; note?: string | null | undefined };

/**
 * Decides on texts that wait. The comment that is made of one, the decision and its entry in the audit log are one
 * transaction.
 */
@Injectable()
export class HeldDecisionsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly held: HeldComments,
    private readonly reasons: CommentReasons,
    private readonly audit: AuditService,
    private readonly idempotency: Idempotency,
    private readonly events: EventBus,
    private readonly clock: Clock,
  ) {}

  /**
   * Publishes or rejects a text.
   * @returns 201 with the case as it is then
   * @throws DomainError comment.not_found, held.author_banned, held.parent_gone, reason.unknown; moderation.already_decided, with the
   *   case as it is, when a colleague decided first or the author took the text back
   */
  async decide(moderator: Viewer, id: string, decision: HeldDecision, claim?: Claim): Promise<StoredAnswer> {
    return this.transactions.run((tx) =>
      this.idempotency.once(tx, claim, async () => {
        const held = await this.held.lock(tx, id);
        if (held.state !== 'held') throw await this.decidedBefore(tx, held);
        if (decision.action === 'reject') await this.reasons.givenAt(tx, held.articleId, 'decisions', decision.reason);
        const commentId = decision.action === 'approve' ? await this.held.publish(tx, held) : null;
        if (!commentId) await this.held.reject(tx, held);
        await this.record(tx, moderator, held, commentId, decision);
        this.events.publish(tx, 'queue', 'staff');
        return { status: 201, answer: await this.view(tx, id) };
      }),
    );
  }

  private async decidedBefore(tx: Tx, held: HeldComment): Promise<DomainError> {
    return new DomainError('moderation.already_decided', 'conflict', {
      detail:
        held.state === 'withdrawn'
          ? 'The author has taken this comment back. There is nothing left to decide.'
          : 'A colleague has already decided on this comment.',
      members: { case: JSON.parse(await this.view(tx, held.id)) as unknown },
    });
  }

  private async record(
    tx: Tx,
    moderator: Viewer,
    { id: heldId, state }: HeldComment,
    commentId: string | null,
    decision: HeldDecision,
  ): Promise<void> {
    const { identifiers } = await tx.getRepository(DecisionEntity).insert({
      commentId,
      heldId,
      revision: 1,
      moderatorId: moderator.accountId,
      action: decision.action,
      reason: decision.action === 'reject' ? decision.reason : null,
      note: decision.note || null,
      stateBefore: state,
      stateAfter: commentId ? PUBLISHED : 'rejected',
      createdAt: this.clock.now(),
    });
    const decisionId = (identifiers[0] as { id: string }).id;
    const entry = { actorId: moderator.accountId, subjectId: heldId };
    if (decision.action === 'reject')
      await this.audit.record(tx, { ...entry, action: 'held.reject', detail: { decisionId, reason: decision.reason } });
    else
      await this.audit.record(tx, { ...entry, action: 'held.approve', detail: { decisionId, commentId: commentId! } });
  }

  private async view(tx: Tx, id: string): Promise<string> {
    const found = await row<{ json: string }>(
      tx.sql`select ${() => heldCaseJson}::text as json from held_comments h ${() => HELD_JOINS} where h.id = ${id}`,
    );
    return found!.json;
  }
}
