import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { defineBudget } from '../accounts/sessions/budgets.js';
import { mailboxKey } from '../accounts/sessions/mailbox.js';
import type { Viewer } from '../accounts/sessions/viewer.js';
import { Clock } from '../clock/clock.js';
import { CommentReasons } from '../comments/model/comment-reasons.js';
import { isPublicSql } from '../comments/model/visibility.js';
import { row } from '../database/rows.js';
import { Transactions } from '../database/transaction.js';
import { notFound } from '../errors/domain-error.js';
import { EventBus } from '../events/event-bus.js';
import { type Claim, Idempotency, type StoredAnswer } from '../http/idempotency.js';
import { limitSetting } from '../config/limit-setting.js';
import { RateLimits } from '../http/rate-limits.js';

export interface Reporter {
  viewer: Viewer | undefined;
  /** The hash of the browser's id as hex, or else the address. It identifies a reporter who is not signed in. */
  browserOrAddress: string;
  /** The counter key of the address, as `addressKey` returns it. */
  address: string;
}

const reportBudget = defineBudget({
  name: 'report',
  setting: limitSetting({
    env: 'LIMIT_REPORTS_PER_HOUR',
    max: 60,
    counts:
      'reports of the accounts of one mailbox, or without an account of one network; three times as many in all from one network',
  }),
  per: 'hour',
  message: 'You have sent many reports.',
});

/** Takes reports of comments from readers and from anonymous browsers. */
@Injectable()
export class ReportsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    private readonly limits: RateLimits,
    private readonly reasons: CommentReasons,
    private readonly events: EventBus,
    private readonly clock: Clock,
  ) {}

  /**
   * Reports a comment. A second report of the same revision by the same reporter changes nothing.
   * @returns 201, also for each repeat of an Idempotency-Key
   * @throws DomainError comment.not_found, reason.unknown, rate.limited, those of idempotency
   */
  async report(
    { viewer, browserOrAddress, address }: Reporter,
    commentId: string,
    { reason, note }: { reason: string; note?: string | null | undefined },
    claim?: Claim,
  ): Promise<StoredAnswer> {
    const earlier = claim && (await this.idempotency.find(claim));
    if (earlier) return earlier; // a repeat does not count against the limit
    await this.limits.consume(reportBudget.person, viewer ? mailboxKey(viewer.email) : address);
    await this.limits.consumeNetwork(reportBudget.network, address);
    await this.reasons.given(this.dataSource, commentId, 'reports', reason);
    const reporter = viewer ? `account:${viewer.accountId}` : `other:${browserOrAddress}`;
    const reporterHash = createHash('sha256').update(reporter).digest();
    return this.transactions.run((tx) =>
      this.idempotency.once(tx, claim, async () => {
        const found = await row<{ isNew: boolean }>(tx.sql`
          with target as (select id, revision from comments where id = ${commentId} and ${() => isPublicSql('comments')}),
          made as (
            insert into reports (comment_id, revision, account_id, reporter_hash, reason, note, created_at)
            select id, revision, ${viewer?.accountId ?? null}::bigint, ${reporterHash}::bytea, ${reason},
              ${note || null}::text, ${this.clock.now()}::timestamptz
            from target
            on conflict on constraint reports_once do nothing returning id)
          select exists (select from made) as "isNew" from target`);
        if (!found) throw notFound('comment');
        if (found.isNew) this.events.publish(tx, 'queue', 'staff');
        return { status: 201, answer: '{"reported":true}' };
      }),
    );
  }
}
