import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { row } from '../../database/rows.js';
import { DomainError } from '../../errors/domain-error.js';
import { Idempotency, inProgress, type StoredAnswer } from '../../http/idempotency.js';
import type { Interval } from '../amounts/intervals.js';
import { DonationEntity } from '../ledger/donations.entity.js';
import { CheckoutFailure, StripeClient } from '../stripe/stripe.client.js';
import { withoutProofs } from '../stripe/checkout-session.js';
import { inTime } from '../../clock/in-time.js';
import { DonationProofs } from './donation-proofs.js';
import { Sites } from '../../settings/sites.service.js';

/** A donation that may have no payment page yet. */
export interface PendingDonation {
  id: string;
  hash: Buffer;
  amount: string;
  currency: string;
  recurrence: Interval;
  returnUrl: string;
  attempt: number;
  proofSalt: Buffer | null;
  /** The customer at Stripe of the account's earlier donations. */
  customer: string | null;
  checkoutUrl: string | null;
}

export const PENDING = `id, request_hash as hash, amount_minor as amount, currency, recurrence, return_url as "returnUrl",
  checkout_attempt as attempt, proof_salt as "proofSalt", customer_id as customer,
  checkout_url as "checkoutUrl"`;

/**
 * A process that died while it asked Stripe delays the next attempt by this time. A living process may need longer.
 * Another one then asks under the same key, so that Stripe still opens one session.
 */
const LEASE_MS = 10_000;

/** A request is answered after this multiple of a repeat's patience (5 s) although Stripe hangs, so after 9 s. */
const ANSWER_AFTER = 1.8;

/**
 * Opens the payment pages of donations. The row is the claim: one request at a time asks Stripe, outside of any
 * transaction, and stores the answer in the row. A crash in between leaves a row that the next repeat completes.
 */
@Injectable()
export class CheckoutOpener {
  private readonly log = new Logger('Donations');
  /** The requests to Stripe of this process, by donation. */
  private readonly opening = new Map<string, Promise<StoredAnswer>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly stripe: StripeClient,
    private readonly proofs: DonationProofs,
    private readonly idempotency: Idempotency,
    private readonly sites: Sites,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns the payment page of a donation, and opens it when there is none. While another process opens it, waits at
   * most five seconds.
   * @throws DomainError stripe.unavailable (503) when Stripe fails; stripe.slow (503) when it takes longer than nine
   *   seconds, and its late answer is stored for the next repeat; idempotency.in_progress (409) when another process takes
   *   longer
   */
  async open(donation: PendingDonation): Promise<StoredAnswer> {
    const patience = performance.now() + this.idempotency.patienceMs;
    for (let current = donation, pause = 50; ; pause = Math.min(pause * 2, 500)) {
      if (current.checkoutUrl) return answerOf(current.id, current.checkoutUrl);
      const session = this.opening.get(donation.id) ?? (await this.start(donation.id))?.session;
      if (session) return inTime(session, this.idempotency.patienceMs * ANSWER_AFTER, slow);
      if (performance.now() > patience) throw inProgress(2);
      await wait(pause);
      current = (await row<PendingDonation>(
        this.dataSource.sql`select ${() => PENDING} from donations where id = ${donation.id}`,
      ))!;
    }
  }

  /** Starts the request to Stripe, unless another process holds the lease. */
  private async start(id: string): Promise<{ session: Promise<StoredAnswer> } | undefined> {
    const now = this.clock.now();
    const leased = await row<PendingDonation>(this.dataSource.sql`
      update donations set leased_until = ${new Date(now.getTime() + LEASE_MS)}
      where id = ${id} and checkout_url is null and (leased_until is null or leased_until <= ${now})
      returning ${() => PENDING}`);
    if (!leased) return undefined;
    const session = this.openSession(leased).finally(() => this.opening.delete(id));
    this.opening.set(id, session);
    return { session };
  }

  private async openSession(donation: PendingDonation): Promise<StoredAnswer> {
    const siteKey = this.sites.ofUrl(donation.returnUrl);
    const site = this.sites.look(siteKey).name;
    const proof = donation.proofSalt && this.proofs.secretOf(donation.proofSalt);
    const request = {
      donationId: donation.id,
      attempt: donation.attempt,
      amount: Number(donation.amount),
      currency: donation.currency,
      interval: donation.recurrence,
      product: donation.recurrence === 'once' ? `A gift to ${site}` : `A gift to ${site}, every ${donation.recurrence}`,
      successUrl: this.proofs.pageOf(donation.id, proof, siteKey),
      cancelUrl: donation.returnUrl,
      customer: donation.customer,
    };
    let session;
    try {
      session = await this.stripe.openCheckout(request);
    } catch (error) {
      if (!(error instanceof CheckoutFailure)) throw error;
      const isGone = error.unknownCustomer && donation.customer !== null;
      if (!isGone) return this.releaseAfterFailure(donation, error);
      return this.openSession(await this.forgetCustomer(donation));
    }
    // A donation that never had a page was marked `expired` by us and not by Stripe, so a repeat opens it again.
    const stored = await row<{ checkoutUrl: string }>(this.dataSource.sql`
      update donations set session_id = ${session.id}, checkout_url = ${session.url}, leased_until = null,
        proof_hash = ${proof && this.proofs.hashOf(proof)},
        state = case when state in ('created', 'expired') then 'open' else state end
      where id = ${donation.id} and session_id is null returning checkout_url as "checkoutUrl"`);
    // When our lease ended meanwhile, another request has stored the session. All requests give its answer.
    const { checkoutUrl } =
      stored ?? (await this.dataSource.getRepository(DonationEntity).findOneByOrFail({ id: donation.id }));
    return answerOf(donation.id, checkoutUrl!);
  }

  /** Forgets a customer that staff deleted at Stripe. The next attempt needs a new key. */
  private async forgetCustomer(donation: PendingDonation): Promise<PendingDonation> {
    await this.dataSource.sql`update donations set customer_id = null where customer_id = ${donation.customer}`;
    const again = await row<PendingDonation>(this.dataSource.sql`
      update donations set checkout_attempt = greatest(checkout_attempt, ${donation.attempt + 1}::smallint)
      where id = ${donation.id} returning ${() => PENDING}`);
    return again!;
  }

  /** Ends the lease, so that the next repeat tries again. @throws DomainError stripe.unavailable */
  private async releaseAfterFailure(donation: PendingDonation, error: CheckoutFailure): Promise<never> {
    this.log.error(`Stripe opened no session: ${withoutProofs(error.message)}`);
    await this.dataSource.sql`
      update donations set leased_until = null, checkout_attempt = checkout_attempt + ${error.keyUsedUp ? 1 : 0}::smallint
      where id = ${donation.id} and checkout_attempt = ${donation.attempt} and session_id is null`;
    throw unavailable('The payment page cannot be reached just now. Nothing was charged. Try again in a moment.');
  }
}

const slow = (): DomainError =>
  new DomainError('stripe.slow', 'unavailable', {
    detail: 'Stripe takes long to answer. Nothing was charged. Send the request again in three seconds.',
    retryAfter: 3,
  });

const unavailable = (detail: string): DomainError =>
  new DomainError('stripe.unavailable', 'unavailable', { detail, retryAfter: 5 });

const answerOf = (id: string, checkoutUrl: string): StoredAnswer => ({
  status: 201,
  answer: JSON.stringify({ id, checkoutUrl }),
});
