import { Injectable } from '@nestjs/common';
import { AccountsService } from '../../accounts/profiles/accounts.service.js';
import { Clock } from '../../clock/clock.js';
import { row, rows, type Tx } from '../../database/rows.js';

const ACCOUNT_LOCK = 7011;

/**
 * The rule of the badge: a gift that its giver shows, whose money came and was neither given back nor lost, wears it for
 * a year; one that repeats, for as long as Stripe says that it goes on (while a renewal's card is tried again, too).
 * @param gift alias of a row of `donations` @param now placeholder of the moment
 */
const earnsBadge = (donation: string, now: string): string => `(
  ${donation}.visibility = 'public' and ${donation}.state = 'paid' and case ${donation}.recurrence
    when 'once' then ${donation}.paid_at > ${now}::timestamptz - interval '1 year'
    else not exists (
      select from donation_subscriptions s where s.donation_id = ${donation}.id
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
    await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [ACCOUNT_LOCK, accountId]);
    const found = await row(
      tx,
      `select 1 from donations d where account_id = $1 and ${earnsBadge('d', '$2')} limit 1`,
      [accountId, this.clock.now()],
    );
    return this.accounts.setSupporter(tx, accountId, found !== undefined);
  }

  /**
   * Takes the badges whose time is over, of at most so many accounts.
   * @returns how many accounts lost theirs, fewer than `limit` once none is left
   */
  async expire(tx: Tx, limit: number): Promise<number> {
    const over = await rows<{ id: string }>(
      tx,
      `select a.id::text as id from accounts a where a.supporter and not exists (
         select from donations d where d.account_id = a.id and ${earnsBadge('d', '$1')}) order by a.id limit $2`,
      [this.clock.now(), limit],
    );
    let changed = 0;
    for (const { id } of over) if (await this.settle(tx, id)) changed += 1;
    return changed;
  }
}
