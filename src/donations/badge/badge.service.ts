import { Injectable } from '@nestjs/common';
import { AccountsService } from '../../accounts/profiles/accounts.service.js';
import { Clock } from '../../clock/clock.js';
import { row, rows, type Tx } from '../../database/rows.js';

const ACCOUNT_LOCK = 7011;

/**
 * How long a declined renewal counts as one that is tried again. Stripe's retries take two weeks by default and two months
 * at most; after them an account may leave a subscription past due for ever (docs.stripe.com/billing/revenue-recovery).
 */
export const PAST_DUE_DAYS = 60;

/**
 * SQL: whether a donation earns the badge. A single public, paid donation earns it for a year. A recurring one earns it
 * while Stripe says that it continues, which includes the time in which Stripe retries a card. `d` is a row of
 * `donations`, and `moment` is a row with the time `now`.
 */
const EARNS_BADGE = `(
  d.visibility = 'public' and d.state = 'paid' and case d.recurrence
    when 'once' then d.paid_at > moment.now - interval '1 year'
    else not exists (
      select from donation_subscriptions s where s.donation_id = d.id
        and (s.status not in ('active', 'trialing', 'past_due') or s.collection_paused
          or s.past_due_since < moment.now - interval '${PAST_DUE_DAYS} days')) end)`;

/** Derives the supporter's badge from payments, refunds, disputes, the end of a subscription, and time. */
@Injectable()
export class BadgeService {
  constructor(
    private readonly accounts: AccountsService,
    private readonly clock: Clock,
  ) {}

  /** Sets or removes the badge according to the account's donations. @returns whether it changed */
  async settle(tx: Tx, accountId: string): Promise<boolean> {
    // Serialises two donations of one account, because each must see the other's result.
    await tx.sql`select pg_advisory_xact_lock(${ACCOUNT_LOCK}, hashtext(${accountId}))`;
    const found = await row(tx.sql`
      with moment as (select ${this.clock.now()}::timestamptz as now)
      select 1 from donations d, moment where account_id = ${accountId} and ${() => EARNS_BADGE} limit 1`);
    return this.accounts.setSupporter(tx, accountId, found !== undefined);
  }

  /**
   * Removes the badges that have expired, of at most `limit` accounts.
   * @returns the number of accounts that lost theirs, fewer than `limit` once none is left
   */
  async expire(tx: Tx, limit: number): Promise<number> {
    const over = await rows<{ id: string }>(tx.sql`
      with moment as (select ${this.clock.now()}::timestamptz as now)
      select a.id::text as id from accounts a, moment where a.supporter and not exists (
        select from donations d where d.account_id = a.id and ${() => EARNS_BADGE}) order by a.id limit ${limit}`);
    let changed = 0;
    for (const { id } of over) if (await this.settle(tx, id)) changed += 1;
    return changed;
  }
}
