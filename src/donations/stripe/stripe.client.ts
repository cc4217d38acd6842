import { isUtf8 } from 'node:buffer';
import { Injectable } from '@nestjs/common';
import Stripe from 'stripe';
import { z } from 'zod';
import { Clock } from '../../clock/clock.js';
import { Config, type StripeSettings } from '../../config/config.js';
import { DomainError } from '../../errors/domain-error.js';
import { describeError } from '../../errors/outside-error.js';
import { checkoutKey, checkoutParams, type CheckoutRequest } from './checkout-session.js';
import { CheckoutSession, InvoicePayment, StripeEvent, Subscription } from './stripe-objects.js';

/** The webhook endpoint at Stripe must use the same version. */
export const API_VERSION = '2026-10-28.endive';

/**
 * The greatest difference between a webhook's timestamp and our clock, in both directions. The SDK checks only its age.
 */
const TOLERANCE_SECONDS = 300;

/** The API path of each kind of object that our events carry. */
const PATHS = {
  'checkout.session': 'checkout/sessions',
  payment_intent: 'payment_intents',
  charge: 'charges',
  invoice: 'invoices',
  invoice_payment: 'invoice_payments',
  subscription: 'subscriptions',
  refund: 'refunds',
  dispute: 'disputes',
} as const;
const ListedObject = z.looseObject({
  id: z.string().regex(/^\w+$/),
  object: z.enum(Object.keys(PATHS) as [keyof typeof PATHS]),
});

/** A thin event carries no object (docs.stripe.com/event-destinations#thin-events). */
const Thin = z.looseObject({ object: z.literal('v2.core.event') });

/** Stripe opened no session. */
export class CheckoutFailure extends Error {
  constructor(
    /**
     * Stripe answered, and would repeat this answer for the same key, even a 500. The next attempt needs another key.
     */
    readonly keyUsedUp: boolean,
    cause: unknown,
  ) {
    super(describeError(cause), { cause });
  }

  /** Whether Stripe no longer has the customer. */
  get unknownCustomer(): boolean {
    const { cause } = this;
    return (
      cause instanceof Stripe.errors.StripeError && cause.code === 'resource_missing' && cause.param === 'customer'
    );
  }
}

/** The only client of Stripe or of its stand-in. Its methods must not be called inside a transaction. */
@Injectable()
export class StripeClient {
  private readonly stripe: Stripe | undefined;
  private readonly settings: StripeSettings | undefined;

  constructor(
    config: Config,
    private readonly clock: Clock,
  ) {
    this.settings = config.stripe;
    if (!this.settings) return;
    const { secretKey, standIn } = this.settings;
    this.stripe = new Stripe(secretKey, {
      apiVersion: API_VERSION,
      timeout: 15_000,
      maxNetworkRetries: 2,
      telemetry: false,
      ...(standIn ? { host: standIn.hostname, port: standIn.port || '80', protocol: 'http' as const } : {}),
    });
  }

  /** The payment provider, or null when donations are switched off. */
  get provider(): 'stripe' | 'standin' | null {
    return !this.settings ? null : this.settings.standIn ? 'standin' : 'stripe';
  }

  /** @throws CheckoutFailure */
  async openCheckout(request: CheckoutRequest): Promise<{ id: string; url: string }> {
    try {
      const { id, url } = await this.sdk.checkout.sessions.create(checkoutParams(request), {
        idempotencyKey: checkoutKey(request),
      });
      if (!url) throw new Error(`Session ${id} has no page.`);
      return { id, url };
    } catch (error) {
      throw new CheckoutFailure(keySpent(error), error);
    }
  }

  /** Closes a payment page. One that was paid or has expired stays as it is. */
  async expireSession(id: string): Promise<void> {
    try {
      await this.sdk.checkout.sessions.expire(id);
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    }
  }

  async retrieveSession(id: string): Promise<CheckoutSession> {
    return CheckoutSession.parse(await this.sdk.checkout.sessions.retrieve(id));
  }

  /** The payments of an invoice, at most 100. */
  async listInvoicePayments(invoice: string): Promise<InvoicePayment[]> {
    const { data } = await this.sdk.invoicePayments.list({ invoice, limit: 100 });
    return data.map((it) => InvoicePayment.parse(it));
  }

  async retrieveSubscription(id: string): Promise<Subscription> {
    return Subscription.parse(await this.sdk.subscriptions.retrieve(id));
  }

  /**
   * Opens Stripe's customer portal, in which the payer of a subscription stops or changes it. Anybody who has the
   * address can use it for some minutes.
   * @returns the address
   */
  async openPortal(subscription: string, returnUrl: string): Promise<string> {
    const { customer } = await this.retrieveSubscription(subscription);
    if (!customer) throw new Error(`Subscription ${subscription} names no customer.`);
    return (await this.sdk.billingPortal.sessions.create({ customer, return_url: returnUrl })).url;
  }

  /**
   * Yields pages of the events created since a time, newest first. Stripe keeps them for thirty days.
   * @param types at most 20
   */
  async *listEvents(since: Date, types: readonly string[]): AsyncGenerator<StripeEvent[]> {
    const created = { gte: Math.floor(since.getTime() / 1000) };
    for (let after: string | undefined, more = true; more;) {
      const page = await this.sdk.events.list({
        limit: 100,
        created,
        types: [...types],
        ...(after ? { starting_after: after } : {}),
      });
      // The SDK wraps decimals in a class, so the page is converted back to JSON.
      const events = z.array(StripeEvent).parse(JSON.parse(JSON.stringify(page.data)));
      yield events;
      after = events.at(-1)?.id;
      more = page.has_more && after !== undefined;
    }
  }

  /**
   * Replaces the object of an event of another API version by the object as it is now, in our version. An invoice is
   * read with its payments, because some versions have no events about them.
   */
  async retrieveInOurVersion(event: StripeEvent): Promise<StripeEvent> {
    const { id, object: kind } = ListedObject.parse(event.data.object);
    const path = `/v1/${PATHS[kind]}/${id}${kind === 'invoice' ? '?expand[]=payments' : ''}`;
    const object = z.looseObject({}).parse(await this.sdk.rawRequest('GET', path));
    return { ...event, api_version: API_VERSION, data: { object } };
  }

  /**
   * Reads the event of a webhook whose bytes one of our secrets signed within five minutes of now.
   * @returns the event, or why there is none: no secret of ours signed it, its time is too far from ours, it is a thin
   *   event, or no event at all
   */
  verifyWebhook(raw: Buffer, signature: string): StripeEvent | 'secret' | 'clock' | 'thin' | 'body' {
    const now = this.clock.now().getTime();
    const stamps = [...signature.matchAll(/(?:^|,)t=(\d+)(?=,|$)/g)].map((it) => Number(it[1]));
    if (stamps.length !== 1 || !isUtf8(raw)) return 'secret';
    // the SDK would drop a byte order mark from bytes, which then is not part of the signed text
    const text = raw.toString();
    const isSigned = this.settings?.webhookSecrets.some((secret) => this.signed(text, signature, secret));
    if (!isSigned) return 'secret';
    if (Math.abs(stamps[0]! - now / 1000) > TOLERANCE_SECONDS) return 'clock';
    try {
      const body: unknown = JSON.parse(text);
      const event = StripeEvent.safeParse(body);
      return event.success ? event.data : Thin.safeParse(body).success ? 'thin' : 'body';
    } catch {
      return 'body';
    }
  }

  /** Whether a secret signed the bytes at any time. */
  private signed(text: string, signature: string, secret: string): boolean {
    try {
      return this.sdk.webhooks.signature!.verifyHeader(text, signature, secret, 0); // 0 leaves the age to us
    } catch {
      return false; // another secret may have signed it
    }
  }

  /** Whether events must be of live mode, which moves real money. */
  get isLive(): boolean {
    return this.settings?.live ?? false;
  }

  /** Stripe's own client, for `StripeObjects`. @throws DomainError donations.disabled */
  get sdk(): Stripe {
    if (!this.stripe) throw donationsDisabled();
    return this.stripe;
  }
}

/** Returns the error of a site without a Stripe account (503). */
export const donationsDisabled = (): DomainError =>
  new DomainError('donations.disabled', 'unavailable', { detail: 'Donations are switched off on this site.' });

/** Whether Stripe answered that the object does not exist. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError && error.statusCode === 404;

/**
 * Whether the next attempt needs a new key. After a lost connection the same key finds a session that may exist. Stripe
 * does not process a 429 or a 409. It repeats every other answer for a day; nobody can pay a session whose address we
 * never received.
 */
function keySpent(error: unknown): boolean {
  const status = error instanceof Stripe.errors.StripeError ? error.statusCode : undefined;
  return status !== undefined && status !== 429 && status !== 409;
}
