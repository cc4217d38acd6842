import { Injectable } from '@nestjs/common';
import { AccountsService } from '../../accounts/profiles/accounts.service.js';
import { Clock } from '../../clock/clock.js';
import { row, rows, type Tx } from '../../database/rows.js';

const ACCOUNT_LOCK = 7011;

/**
 * The rule of the badge: a gift that its giver shows, whose money came and was neither given back nor lost, wears it for
 * a year; one that repeats, for as long as Stripe says that it goes on (while a renewal's card is tried again, too).
 * SQL: `d` is a row of `donations`, `moment` a row with the time `now`.
 */
const EARNS_BADGE = `(
  d.visibility = 'public' and d.state = 'paid' and case d.recurrence
    when 'once' then d.paid_at > moment.now - interval '1 year'
    else not exists (
      select from donation_subscriptions s where s.donation_id = d.id
        and s.status not in ('active', 'trialing', 'past_due')) end)`;

/** The supporter's badge, as the facts have it: payments, refunds, disputes, the end of a subscription, and time. */
@Injectable()
export class BadgeService {
  constructor(
    private readonly accounts: AccountsService,
    private readonly clock: Clock,
  ) {}

  /** Brings the badge in line with the account's gifts. @returns whether it changed */
  async settle(tx: Tx, accountId: string): Promise<boolean> {
    // Two gifts of one account take turns: each must see what the other left.
    await tx.sql`select pg_advisory_xact_lock(${ACCOUNT_LOCK}, hashtext(${accountId}))`;
    const found = await row(tx.sql`
      with moment as (select ${this.clock.now()}::timestamptz as now)
      select 1 from donations d, moment where account_id = ${accountId} and ${() => EARNS_BADGE} limit 1`);
    return this.accounts.setSupporter(tx, accountId, found !== undefined);
  }

  /**
   * Takes the badges whose time is over, of at most so many accounts.
   * @returns how many accounts lost theirs, fewer than `limit` once none is left
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
