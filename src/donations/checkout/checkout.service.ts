import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ArticlesService } from '../../articles/articles.service.js';
import { Clock } from '../../clock/clock.js';
import { Config } from '../../config/config.js';
import { row } from '../../database/rows.js';
import { DomainError } from '../../errors/domain-error.js';
import {
  type Claim,
  Idempotency,
  inProgress,
  keyReused,
  requestHash,
  type StoredAnswer,
} from '../../http/idempotency.js';
import { invalidRequest } from '../../http/invalid-request.js';
import { donationLimit } from './donation.limit.js';
import { RateLimits } from '../../http/rate-limits.js';
import type { NewDonation } from './donations.schema.js';
import { cancelUrlOf } from '../stripe/checkout-session.js';
import { DonationEntity } from '../ledger/donations.entity.js';
import { checkAmount } from '../amounts/check-amount.js';
import type { Interval } from '../amounts/amounts.js';
import { CheckoutFailure, donationsDisabled, StripeClient } from '../stripe/stripe.client.js';

/** The account, if one is signed in, and the browser that begin a donation. Both may read its status later. */
export interface Donor {
  accountId: string | undefined;
  browserHash: Buffer | undefined;
  /** The counter key of the network, as `addressKey` returns it. */
  address: string;
  /** The country that the CDN names. */
  edge: string | undefined;
  /** Called when this request has stored the donation, also if Stripe fails then. A repeat does not call it. */
  begun: () => void;
}

interface PendingDonation {
  id: string;
  hash: Buffer;
  amount: string;
  currency: string;
  recurrence: Interval;
  returnUrl: string;
  attempt: number;
  checkoutUrl: string | null;
}

const COLUMNS = `id, request_hash as hash, amount_minor as amount, currency, recurrence, return_url as "returnUrl",
  checkout_attempt as attempt, checkout_url as "checkoutUrl"`;

/**
 * The lease outlasts the three attempts of Stripe's client. If two requests still ask Stripe at once, they use the same
 * key, so the second call opens no second session.
 */
const LEASE_MS = 50_000;

/**
 * Begins donations. It first inserts a row, which is the claim, then asks Stripe outside of any transaction, and then
 * stores the answer in the row. A crash in between leaves a row that the next repeat completes.
 */
@Injectable()
export class CheckoutService {
  private readonly log = new Logger('Donations');

  constructor(
    private readonly dataSource: DataSource,
    private readonly stripe: StripeClient,
    private readonly articles: ArticlesService,
    private readonly limits: RateLimits,
    private readonly idempotency: Idempotency,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * Begins a donation and opens its payment page.
   * @returns 201 with `{id, checkoutUrl}`, the same bytes for each repeat of a key
   * @throws DomainError donations.disabled, stripe.unavailable, article.not_found, rate.limited, those of `checkAmount`
   *   and of idempotency
   */
  async begin(request: NewDonation, donor: Donor, claim: Claim | undefined): Promise<StoredAnswer> {
    if (!this.stripe.provider) throw donationsDisabled();
    if (request.returnUrl !== undefined && !this.isAllowedOrigin(request.returnUrl))
      throw invalidRequest([{ path: ['returnUrl'], message: 'must be a page of a site that may call Rostra' }]);
    const shown = checkAmount(request, donor.edge);
    return this.idempotency.shared(claim, async () => {
      const earlier = claim && (await this.find(donor, claim));
      return this.ensureCheckout(earlier ?? (await this.insert(request, shown, donor, claim)));
    });
  }

  /** Whether an address is a page of a site that may call Rostra. */
  private isAllowedOrigin(url: string): boolean {
    return this.config.allowedOrigins.has(new URL(url).origin);
  }

  /**
   * Finds the first request of this key by its scope or its browser, so that a donor who signs in between two attempts
   * gives once.
   */
  private async find({ browserHash }: Donor, { scope, key, hash }: Claim): Promise<PendingDonation | undefined> {
    const found = await row<PendingDonation>(this.dataSource.sql`
      select ${() => COLUMNS} from donations where request_key = ${key}
        and (request_scope = ${scope} or browser_hash = ${browserHash ?? null}) order by created_at limit 1`);
    if (found && !found.hash.equals(hash)) throw keyReused('gift');
    return found;
  }

  private async insert(
    request: NewDonation,
    shown: { country: string; variant: string },
    donor: Donor,
    claim: Claim | undefined,
  ): Promise<PendingDonation> {
    const article = request.article === undefined ? undefined : await this.articles.byKey(request.article);
    const home = article && this.isAllowedOrigin(article.url) ? article.url : `${this.config.publicUrl}/`;
    await this.limits.consume(donationLimit, donor.address);
    const id = randomBytes(18).toString('base64url');
    const returnUrl = request.returnUrl === undefined ? home : cancelUrlOf(request.returnUrl, article?.url);
    const made = await row<PendingDonation>(this.dataSource.sql`
      insert into donations (id, account_id, browser_hash, request_scope, request_key, request_hash, amount_minor,
        currency, recurrence, country, variant, visibility, article_id, return_url, created_at)
      values (${id}, ${donor.accountId ?? null}, ${donor.browserHash ?? null}, ${claim?.scope ?? 'key'}, ${claim?.key ?? null},
        ${claim?.hash ?? requestHash('give', request)},
        ${request.amount}, ${request.currency}, ${request.interval}, ${shown.country}, ${shown.variant},
        ${request.visibility}, ${article?.id ?? null}, ${returnUrl}, ${this.clock.now()})
      on conflict do nothing returning ${() => COLUMNS}`);
    if (made) donor.begun();
    return made ?? (await this.find(donor, claim!))!; // another node, or an attempt of another scope, was first
  }

  /**
   * Opens the payment page of a donation that has none, or waits at most five seconds for another request that opens
   * it.
   * @throws DomainError idempotency.in_progress (409) when the other request takes longer
   */
  private async ensureCheckout(donation: PendingDonation): Promise<StoredAnswer> {
    const patience = performance.now() + this.idempotency.patienceMs;
    for (let current = donation, pause = 50; ; pause = Math.min(pause * 2, 500)) {
      if (current.checkoutUrl) return answerOf(current.id, current.checkoutUrl);
      const leased = await this.lease(donation.id);
      if (leased) return this.openSession(leased);
      if (performance.now() > patience) throw inProgress(2);
      await wait(pause);
      current = (await row<PendingDonation>(
        this.dataSource.sql`select ${() => COLUMNS} from donations where id = ${donation.id}`,
      ))!;
    }
  }

  private lease(id: string): Promise<PendingDonation | undefined> {
    const now = this.clock.now();
    return row<PendingDonation>(this.dataSource.sql`
      update donations set leased_until = ${new Date(now.getTime() + LEASE_MS)}
      where id = ${id} and checkout_url is null and (leased_until is null or leased_until <= ${now})
      returning ${() => COLUMNS}`);
  }

  private async openSession(donation: PendingDonation): Promise<StoredAnswer> {
    const site = this.config.env.SITE_NAME;
    const session = await this.stripe
      .openCheckout({
        donationId: donation.id,
        attempt: donation.attempt,
        amount: Number(donation.amount),
        currency: donation.currency,
        interval: donation.recurrence,
        product:
          donation.recurrence === 'once' ? `A gift to ${site}` : `A gift to ${site}, every ${donation.recurrence}`,
        successUrl: `${this.config.publicUrl}/thank-you?donation=${donation.id}`,
        cancelUrl: donation.returnUrl,
      })
      .catch((error: unknown) => this.releaseAfterFailure(donation, error));
    // A donation that never had a page was marked `expired` by us and not by Stripe, so a repeat opens it again.
    const stored = await row<{ checkoutUrl: string }>(this.dataSource.sql`
      update donations set session_id = ${session.id}, checkout_url = ${session.url}, leased_until = null,
        state = case when state in ('created', 'expired') then 'open' else state end
      where id = ${donation.id} and session_id is null returning checkout_url as "checkoutUrl"`);
    // When our lease ended meanwhile, another request has stored the session. All requests give its answer.
    const { checkoutUrl } =
      stored ?? (await this.dataSource.getRepository(DonationEntity).findOneByOrFail({ id: donation.id }));
    return answerOf(donation.id, checkoutUrl!);
  }

  /** Ends the lease, so that the next repeat tries again. @throws DomainError stripe.unavailable */
  private async releaseAfterFailure(donation: PendingDonation, error: unknown): Promise<never> {
    if (!(error instanceof CheckoutFailure)) throw error;
    this.log.error(`Stripe opened no session: ${error.message}`);
    await this.dataSource.sql`
      update donations set leased_until = null, checkout_attempt = checkout_attempt + ${error.keyUsedUp ? 1 : 0}::smallint
      where id = ${donation.id} and checkout_attempt = ${donation.attempt} and session_id is null`;
    throw new DomainError('stripe.unavailable', 'unavailable', {
      detail: 'The payment page cannot be reached just now. Nothing was charged. Try again in a moment.',
      retryAfter: 5,
    });
  }
}

const answerOf = (id: string, checkoutUrl: string): StoredAnswer => ({
  status: 201,
  answer: JSON.stringify({ id, checkoutUrl }),
});
