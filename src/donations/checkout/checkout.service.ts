import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ArticlesService } from '../../articles/articles.service.js';
import { Clock } from '../../clock/clock.js';
import { Config } from '../../config/config.js';
import { row } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { enqueue } from '../../jobs/job.js';
import { expireCheckout } from './expire-checkout.job.js';
import { type Claim, Idempotency, keyReused, requestHash, type StoredAnswer } from '../../http/idempotency.js';
import { invalidRequest } from '../../http/invalid-request.js';
import { CheckoutOpener, PENDING, type PendingDonation } from './checkout-opener.js';
import { DonationLimits } from './donation-limits.js';
import type { NewDonation } from './donations.schema.js';
import { cancelUrlOf } from '../stripe/checkout-session.js';
import { DonationOffers } from '../amounts/donation-offers.js';
import { donationsDisabled, StripeClient } from '../stripe/stripe.client.js';
import type { SiteKey } from '../../settings/setting.js';
import { Sites } from '../../settings/sites.service.js';

/** The account, if one is signed in, and the browser that begin a donation. Both may read its status later. */
export interface Donor {
  accountId: string | undefined;
  browserHash: Buffer | undefined;
  /** Whether the browser brought its id, so that it can be counted by it. */
  browserKnown: boolean;
  /** The counter key of the network, as `addressKey` returns it. */
  address: string;
  /** The country that the CDN names. */
  edge: string | undefined;
  /** The site whose page calls. */
  site: SiteKey;
  /** Called when this request has stored the donation, also if Stripe fails then. A repeat does not call it. */
  begun: () => void;
}

/** Begins donations. It first inserts a row, which is the claim, and then lets `CheckoutOpener` open the payment page. */
@Injectable()
export class CheckoutService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly offers: DonationOffers,
    private readonly stripe: StripeClient,
    private readonly opener: CheckoutOpener,
    private readonly articles: ArticlesService,
    private readonly limits: DonationLimits,
    private readonly idempotency: Idempotency,
    private readonly config: Config,
    private readonly sites: Sites,
    private readonly clock: Clock,
  ) {}

  /**
   * Begins a donation and opens its payment page.
   * @returns 201 with `{id, checkoutUrl}`, the same bytes for each repeat of a key
   * @throws DomainError donations.disabled, stripe.unavailable, article.not_found, rate.limited, those of `DonationOffers.check`
   *   and of idempotency
   */
  async begin(request: NewDonation, donor: Donor, claim: Claim | undefined): Promise<StoredAnswer> {
    if (!this.stripe.provider) throw donationsDisabled();
    if (request.returnUrl !== undefined && !this.isAllowedOrigin(request.returnUrl))
      throw invalidRequest([{ path: ['returnUrl'], message: 'must be a page of a site that may call Rostra' }]);
    return this.idempotency.shared(claim, async () => {
      const earlier = claim && (await this.find(donor, claim));
      return this.opener.open(earlier ?? (await this.insert(request, donor, claim)));
    });
  }

  /** Whether an address is a page of a site that may call Rostra. */
  private isAllowedOrigin(url: string): boolean {
    return this.sites.allows(new URL(url).origin);
  }

  /**
   * Finds the first request of this key by its scope or its browser, so that a donor who signs in between two attempts
   * gives once.
   */
  private async find({ browserHash }: Donor, { scope, key, hash }: Claim): Promise<PendingDonation | undefined> {
    const found = await row<PendingDonation>(this.dataSource.sql`
      select ${() => PENDING} from donations where request_key = ${key}
        and (request_scope = ${scope} or browser_hash = ${browserHash ?? null}) order by created_at limit 1`);
    if (found && !found.hash.equals(hash)) throw keyReused('gift');
    return found;
  }

  private async insert(request: NewDonation, donor: Donor, claim: Claim | undefined): Promise<PendingDonation> {
    const site = request.returnUrl === undefined ? donor.site : this.sites.ofUrl(request.returnUrl);
    const shown = this.offers.check(site, request, donor.edge);
    const article = request.article === undefined ? undefined : await this.articles.byKey(request.article);
    const home = article && this.isAllowedOrigin(article.url) ? article.url : `${this.config.publicUrl}/`;
    await this.limits.countBegun(donor);
    const id = randomBytes(18).toString('base64url');
    const returnUrl = request.returnUrl === undefined ? home : cancelUrlOf(request.returnUrl, article?.url);
    const made = await row<PendingDonation>(this.dataSource.sql`
      insert into donations (id, account_id, browser_hash, request_scope, request_key, request_hash, amount_minor,
        currency, recurrence, country, variant, visibility, article_id, return_url, proof_salt,
        customer_id, created_at)
      values (${id}, ${donor.accountId ?? null}, ${donor.browserHash ?? null}, ${claim?.scope ?? 'key'}, ${claim?.key ?? null},
        ${claim?.hash ?? requestHash('give', request)},
        ${request.amount}, ${request.currency}, ${request.interval}, ${shown.country}, ${shown.variant},
        ${request.visibility}, ${article?.id ?? null}, ${returnUrl}, ${randomBytes(32)},
        (select customer_id from donations where account_id = ${donor.accountId ?? null} and customer_id is not null
          order by created_at desc limit 1),
        ${this.clock.now()})
      on conflict do nothing returning ${() => PENDING}`);
    if (made) await this.begun(donor, request.replaces);
    return made ?? (await this.find(donor, claim!))!; // another node, or an attempt of another scope, was first
  }

  private async begun(donor: Donor, replaces: string | undefined): Promise<void> {
    donor.begun();
    if (replaces !== undefined)
      await this.transactions.run((tx) => enqueue(tx, expireCheckout, { donationId: replaces }));
  }
}
