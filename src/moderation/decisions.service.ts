import { Injectable } from '@nestjs/common';
import type { Viewer } from '../accounts/sessions/viewer.js';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../clock/clock.js';
import type { LockedComment } from '../comments/model/comment.rows.js';
import { isPublic, PUBLISHED } from '../comments/model/visibility.js';
import { RemovalService } from '../comments/writing/removal.service.js';
import { row, type Tx } from '../database/rows.js';
import { Transactions } from '../database/transaction.js';
import { DomainError, notFound } from '../errors/domain-error.js';
import { EventBus } from '../events/event-bus.js';
import { type Claim, Idempotency, type StoredAnswer } from '../http/idempotency.js';
import { decisionJson } from './moderation.queries.js';

export interface NewDecision {
  action: 'remove' | 'restore' | 'keep';
  reason: string;
  note?: string | null | undefined;
  revision?: number | undefined;
}

/** Deciding on a comment: the change, the entry in the log and the answer to its reports, in one transaction. */
@Injectable()
export class DecisionsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly removal: RemovalService,
    private readonly audit: AuditService,
    private readonly idempotency: Idempotency,
    private readonly events: EventBus,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns 201 with the decision and the comment
   * @throws DomainError comment.not_found; moderation.already_decided with the current state and the decision that led
   *   to it, when a colleague was first; moderation.edited when the text is no longer the one that was judged
   */
  async decide(moderator: Viewer, commentId: string, wish: NewDecision, claim?: Claim): Promise<StoredAnswer> {
    return this.transactions.run((tx) =>
      this.idempotency.once(tx, claim, async () => {
        const comment = await this.removal.lock(tx, commentId);
        await this.refuseOutdated(tx, comment, wish);
        if (wish.action === 'remove') await this.removal.remove(tx, comment, wish.reason);
        if (wish.action === 'restore') await this.removal.restore(tx, comment);
        const decision = await this.record(tx, moderator, comment, wish);
        this.events.publish(tx, 'queue', 'staff');
        return {
          status: 201,
          answer: `{"decision":${decision},"comment":${await this.removal.view(tx, commentId)}}`,
        };
      }),
    );
  }

  private async refuseOutdated(tx: Tx, comment: LockedComment, { action, revision }: NewDecision): Promise<void> {
    if (comment.state === 'deleted') throw notFound('comment');
    const decidable = action === 'restore' ? comment.state === 'removed' : isPublic(comment);
    const pointless = action === 'keep' && !(await this.hasOpenReports(tx, comment.id));
    if (!decidable || pointless) {
      const last = await this.lastDecision(tx, comment.id);
      throw new DomainError('moderation.already_decided', 'conflict', {
        detail: 'A colleague was first.',
        members: { state: comment.state, decision: last ?? null },
      });
    }
    if (revision !== undefined && revision !== comment.revision)
      throw new DomainError('moderation.edited', 'conflict', {
        detail: 'The author has changed the text since. Read it again before you decide.',
        members: { state: comment.state, revision: comment.revision },
      });
  }

  private async record(
    tx: Tx,
    moderator: Viewer,
    { id, revision, state }: LockedComment,
    { action, reason, note }: NewDecision,
  ): Promise<string> {
    const after = { remove: 'removed', restore: PUBLISHED, keep: state }[action];
    const made = await row<{ id: string }>(
      tx,
      `insert into decisions (comment_id, revision, moderator_id, action, reason, note, state_before, state_after, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
      [id, revision, moderator.accountId, action, reason, note || null, state, after, this.clock.now()],
    );
    await tx.query('update reports set decision_id = $2 where comment_id = $1 and decision_id is null', [id, made!.id]);
    await this.audit.record(tx, {
      actorId: moderator.accountId,
      action: `comment.${action}`,
      subjectId: id,
      detail: { decisionId: made!.id, reason },
    });
    const view = await row<{ json: string }>(
      tx,
      `select ${decisionJson('d', 'm')}::text as json from decisions d join accounts m on m.id = d.moderator_id where d.id = $1`,
      [made!.id],
    );
    return view!.json;
  }

  private async hasOpenReports(tx: Tx, commentId: string): Promise<boolean> {
    return !!(await row(tx, 'select 1 from reports where comment_id = $1 and decision_id is null limit 1', [
      commentId,
    ]));
  }

  private async lastDecision(tx: Tx, commentId: string): Promise<unknown> {
    const found = await row<{ decision: unknown }>(
      tx,
      `select ${decisionJson('d', 'm')} as decision from decisions d join accounts m on m.id = d.moderator_id
       where d.comment_id = $1 order by d.id desc limit 1`,
      [commentId],
    );
    return found?.decision;
  }
}
