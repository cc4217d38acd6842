import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { Clock } from '../../clock/clock.js';
import { inTime } from '../../clock/in-time.js';
import { titleSql } from '../../articles/article-title.js';
import { row } from '../../database/rows.js';
import { DomainError, notFound } from '../../errors/domain-error.js';
import { describeError } from '../../errors/outside-error.js';
import { DonationLimits } from './donation-limits.js';
import { DonationProofs } from './donation-proofs.js';
import { PollCheckoutSessionJob } from '../events/poll-checkout-session.job.js';
import { type DonationState, statusOf } from '../ledger/donation-state.js';
import { repetitionStatusOf } from '../ledger/subscription-terms.js';
import type { DonationView, PortalView } from './donations.schema.js';
import type { Interval } from '../amounts/intervals.js';
import { Sites } from '../../settings/sites.service.js';
import { StripeClient } from '../stripe/stripe.client.js';

/** A reader waits at most this long for Stripe. */
const ANSWER_MS = 9_000;

/** States of a subscription that Stripe never leaves. */
const ENDED = ['canceled', 'incomplete_expired'];

/** Who asks for a donation: an account, a browser, or whoever has the proof of the way back from Stripe. */
export interface Requester {
  accountId: string | undefined;
  browserHash: Buffer | undefined;
  proof: string | undefined;
  /** The counter key of the network. */
  network: string;
}

interface DonationRow {
  id: string;
  accountId: string | null;
  browserHash: Buffer | null;
  proofHash: Buffer | null;
  /** Whether the requester may manage it. Set by `find`. */
  own: boolean;
  state: DonationState;
  amount: string;
  currency: string;
  recurrence: Interval;
  visibility: 'anonymous' | 'public';
  createdAt: Date;
  paidAt: Date | null;
  askedAt: Date | null;
  sessionId: string | null;
  leasedUntil: Date | null;
  url: string | null;
  title: string | null;
  returnUrl: string;
  subscription: string | null;
  subscriptionStatus: string | null;
  ending: boolean | null;
  periodEnd: Date | null;
  collectionPaused: boolean;
  pastDueSince: Date | null;
  /** The terms of the subscription at Stripe. */
  nowAmount: string | null;
  nowCurrency: string | null;
  nowRecurrence: Interval | null;
  /** The first payment, the sum of all payments, and what was returned of it. */
  firstAmount: string | null;
  firstCurrency: string | null;
  given: string | null;
  returned: string | null;
}

const DONATION = `
  select d.id, d.account_id as "accountId", d.browser_hash as "browserHash", d.proof_hash as "proofHash", d.state, d.amount_minor as amount,
    d.currency, d.recurrence, d.visibility, d.created_at as "createdAt", d.paid_at as "paidAt",
    d.asked_at as "askedAt", d.session_id as "sessionId",
    d.leased_until as "leasedUntil", a.url, ${titleSql('a')} as title,
    d.return_url as "returnUrl",
    s.id as subscription, s.status as "subscriptionStatus", s.cancel_at_period_end as ending,
    s.current_period_end as "periodEnd", s.collection_paused as "collectionPaused", s.past_due_since as "pastDueSince",
    s.amount_minor as "nowAmount", s.currency as "nowCurrency", s.recurrence as "nowRecurrence",
    l.amounts[1] as "firstAmount", l.currency as "firstCurrency", l.given, l.returned
  from donations d left join articles a on a.id = d.article_id and a.page_state <> 'missing'
    left join lateral (
      select * from donation_subscriptions where donation_id = d.id
      order by status in ('canceled', 'incomplete_expired'), refreshed_at desc nulls first limit 1
    ) s on true
    left join lateral (
      select array_agg(amount_minor order by occurred_at, id) filter (where kind = 'payment') as amounts,
        min(currency) filter (where kind = 'payment') as currency,
        sum(amount_minor) filter (where kind = 'payment') as given,
        -sum(amount_minor) filter (where kind in ('refund', 'refund_failed') or kind = 'dispute' and exists (
          select from ledger_entries lost where lost.entry_key = replace(e.entry_key, 'dispute:', 'dispute_lost:'))) as returned
      from ledger_entries e where donation_id = d.id
    ) l on true`;

/** Shows the stored status of a donation to its donor. The parameters of a redirect prove nothing. */
@Injectable()
export class DonationStatusService {
  private readonly log = new Logger('Donations');

  constructor(
    private readonly dataSource: DataSource,
    private readonly sessionPolls: PollCheckoutSessionJob,
    private readonly stripe: StripeClient,
    private readonly limits: DonationLimits,
    private readonly proofs: DonationProofs,
    private readonly sites: Sites,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError donation.not_found, also when the requester is not the donor */
  async view(id: string, requester: Requester): Promise<z.infer<typeof DonationView>> {
    const donation = await this.find(id, requester);
    const coming = donation.leasedUntil && donation.leasedUntil > this.clock.now();
    const status = statusOf(donation.state, donation.sessionId ? 'open' : coming ? 'coming' : 'none');
    if (status === 'pending' && donation.sessionId) await this.sessionPolls.pollSoon(donation);
    const repeats = donation.subscription ? this.repeatsOf(donation) : null;
    return {
      id: donation.id,
      status,
      delayed: donation.state === 'unpaid',
      ...amountOf(donation),
      given: Number(donation.given ?? 0),
      returned: Number(donation.returned ?? 0),
      visibility: donation.visibility,
      repeats,
      article: donation.url ? { url: donation.url, title: donation.title ?? '' } : null,
      createdAt: donation.createdAt.toISOString(),
      paidAt: donation.paidAt?.toISOString() ?? null,
    };
  }

  /**
   * Opens Stripe's portal for a recurring donation, in which the donor stops it or changes the card.
   * @throws DomainError donation.not_found, donation.not_manageable, stripe.unavailable, rate.limited
   */
  async openPortal(id: string, requester: Requester): Promise<z.infer<typeof PortalView>> {
    const donation = await this.find(id, requester);
    if (!donation.subscription || !this.repeatsOf(donation).manageable)
      throw new DomainError('donation.not_manageable', 'conflict', {
        detail: 'This gift does not repeat, has ended, or belongs to an account that is not signed in on this browser.',
      });
    await this.limits.countPortal(id);
    const back = this.proofs.pageOf(id, requester.proof, this.sites.ofUrl(donation.returnUrl));
    try {
      const opening = this.stripe.openPortal(donation.subscription, back);
      return { url: await inTime(opening, ANSWER_MS, () => new Error('Stripe takes too long to answer.')) };
    } catch (error) {
      this.log.error(`Stripe did not open a portal session: ${describeError(error)}`);
      throw new DomainError('stripe.unavailable', 'unavailable', {
        detail: 'Stripe’s page cannot be reached at the moment. Nothing has changed. Try again in a few seconds.',
        retryAfter: 5,
      });
    }
  }

  /**
   * @throws DomainError donation.not_found, also when the requester is not the donor; with a proof donation.proof_invalid,
   *   donation.proof_expired, rate.limited
   */
  private async find(id: string, requester: Requester): Promise<DonationRow> {
    const donation = await row<DonationRow>(this.dataSource.sql`${() => DONATION} where d.id = ${id}`);
    // Stripe's portal shows a name, an address and a card, which the next user of the same browser must not see.
    const own = donation && (donation.accountId === null || donation.accountId === requester.accountId);
    if (donation && isDonor(donation, requester) && (own || requester.proof === undefined))
      return { ...donation, own: !!own };
    if (requester.proof === undefined) throw notFound('donation');
    const repeating = !!donation?.subscription && !ENDED.includes(donation.subscriptionStatus ?? '');
    await this.proofs.check(
      requester.proof,
      donation && { ...donation, repeating },
      this.clock.now(),
      requester.network,
    );
    return { ...donation!, own: true };
  }

  private repeatsOf(donation: DonationRow): NonNullable<z.infer<typeof DonationView>['repeats']> {
    const status = repetitionStatusOf({ ...donation, status: donation.subscriptionStatus }, this.clock.now());
    const manageable = !ENDED.includes(donation.subscriptionStatus ?? '') && donation.own;
    const ending = donation.ending ?? false;
    return { status, until: donation.periodEnd?.toISOString() ?? null, ending, manageable };
  }
}

/**
 * Tells what the donor gives by what Stripe has: the terms of a subscription, else the payment that arrived, else what was
 * asked for.
 */
function amountOf(it: DonationRow): Pick<z.infer<typeof DonationView>, 'amount' | 'currency' | 'interval'> {
  const isKnown = it.nowAmount !== null && it.nowCurrency !== null;
  if (isKnown && it.recurrence !== 'once')
    return { amount: Number(it.nowAmount), currency: it.nowCurrency!, interval: it.nowRecurrence ?? it.recurrence };
  return {
    amount: Number(it.firstAmount ?? it.amount),
    currency: it.firstCurrency ?? it.currency,
    interval: it.recurrence,
  };
}

const isDonor = (donation: DonationRow, { accountId, browserHash }: Requester): boolean =>
  (accountId !== undefined && accountId === donation.accountId) ||
  (browserHash !== undefined && donation.browserHash !== null && browserHash.equals(donation.browserHash));
