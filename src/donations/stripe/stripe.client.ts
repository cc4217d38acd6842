import { isUtf8 } from 'node:buffer';
import { Injectable } from '@nestjs/common';
import Stripe from 'stripe';
import { z } from 'zod';
import { Clock } from '../../clock/clock.js';
import { Config, type StripeSettings } from '../../config/config.js';
import { DomainError } from '../../errors/domain-error.js';
import { checkoutKey, checkoutParams, type CheckoutRequest } from './checkout-session.js';
import { CheckoutSession, InvoicePayment, StripeEvent, Subscription } from './stripe-objects.js';

/** A webhook endpoint at Stripe is to be made with this very version. */
export const API_VERSION = '2026-10-28.endive';

/** How old, and how far ahead of our clock, a webhook's signature may be. The SDK looks at its age only. */
const TOLERANCE_SECONDS = 300;

/** Where the objects are read that our events are about. */
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

/** No session came of it. */
export class CheckoutFailure extends Error {
  constructor(
    /** Stripe answered, and would answer the same again under this key (500s included): the next try takes another. */
    readonly keyUsedUp: boolean,
    cause: unknown,
  ) {
    super((cause as Error).message, { cause });
  }
}

/** The one door to Stripe, or to the stand-in that speaks like it. Nothing here may run within a transaction. */
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

  /** Who takes the money; null where nobody does. */
  get provider(): 'stripe' | 'standin' | null {
    return !this.settings ? null : this.settings.standIn ? 'standin' : 'stripe';
  }

  /** @throws CheckoutFailure */
  async openCheckout(wish: CheckoutRequest): Promise<{ id: string; url: string }> {
    try {
      const { id, url } = await this.sdk.checkout.sessions.create(checkoutParams(wish), {
        idempotencyKey: checkoutKey(wish),
      });
      if (!url) throw new Error(`Session ${id} has no page.`);
      return { id, url };
    } catch (error) {
      throw new CheckoutFailure(keySpent(error), error);
    }
  }

  async retrieveSession(id: string): Promise<CheckoutSession> {
    return CheckoutSession.parse(await this.sdk.checkout.sessions.retrieve(id));
  }

  /** Which payments paid an invoice. */
  async listInvoicePayments(invoice: string): Promise<InvoicePayment[]> {
    const { data } = await this.sdk.invoicePayments.list({ invoice, limit: 100 });
    return data.map((it) => InvoicePayment.parse(it));
  }

  async retrieveSubscription(id: string): Promise<Subscription> {
    return Subscription.parse(await this.sdk.subscriptions.retrieve(id));
  }

  /**
   * Stripe's own page on which whoever pays a subscription stops or changes it. Its address lets in whoever has it, for
   * some minutes.
   */
  async openPortal(subscription: string, returnUrl: string): Promise<string> {
    const { customer } = await this.retrieveSubscription(subscription);
    if (!customer) throw new Error(`Subscription ${subscription} names no customer.`);
    return (await this.sdk.billingPortal.sessions.create({ customer, return_url: returnUrl })).url;
  }

  /** The events of these types (20 at the most) made since, newest first, page by page; Stripe keeps thirty days of them. */
  async *listEvents(since: Date, types: readonly string[]): AsyncGenerator<StripeEvent[]> {
    const created = { gte: Math.floor(since.getTime() / 1000) };
    for (let after: string | undefined, more = true; more;) {
      const page = await this.sdk.events.list({
        limit: 100,
        created,
        types: [...types],
        ...(after ? { starting_after: after } : {}),
      });
      // As JSON has it: the SDK gives decimals a class of their own.
      const events = z.array(StripeEvent).parse(JSON.parse(JSON.stringify(page.data)));
      yield events;
      after = events.at(-1)?.id;
      more = page.has_more && after !== undefined;
    }
  }

  /**
   * An event of another version, with its object as it is now, in ours. An invoice brings its payments: the events that
   * tell of them are younger than some versions.
   */
  async retrieveInOurVersion(event: StripeEvent): Promise<StripeEvent> {
    const { id, object: kind } = ListedObject.parse(event.data.object);
    const path = `/v1/${PATHS[kind]}/${id}${kind === 'invoice' ? '?expand[]=payments' : ''}`;
    const object = z.looseObject({}).parse(await this.sdk.rawRequest('GET', path));
    return { ...event, api_version: API_VERSION, data: { object } };
  }

  /**
   * The event of a webhook, if one of our secrets signed these very bytes within five minutes of now.
   * @returns undefined where it did not, or where the bytes are no snapshot event
   */
  verifyWebhook(raw: Buffer, signature: string): StripeEvent | undefined {
    const now = this.clock.now().getTime();
    const stamps = [...signature.matchAll(/(?:^|,)t=(\d+)(?=,|$)/g)].map((it) => Number(it[1]));
    if (stamps.length !== 1 || stamps[0]! > now / 1000 + TOLERANCE_SECONDS) return undefined;
    if (!isUtf8(raw)) return undefined;
    const text = raw.toString(); // decoded by the SDK, bytes lose a mark at their beginning, which then was not signed
    for (const secret of this.settings?.webhookSecrets ?? [])
      try {
        return StripeEvent.parse(
          this.sdk.webhooks.constructEvent(text, signature, secret, TOLERANCE_SECONDS, undefined, now),
        );
      } catch {
        // another secret's, or nobody's
      }
    return undefined;
  }

  /** Whether events must be of real money. */
  get isLive(): boolean {
    return this.settings?.live ?? false;
  }

  /** @throws DomainError donations.disabled */
  private get sdk(): Stripe {
    if (!this.stripe)
      throw new DomainError('donations.disabled', 'unavailable', { detail: 'Donations are switched off here.' });
    return this.stripe;
  }
}

/** Whether Stripe answered that there is no such object. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError && error.statusCode === 404;

/**
 * A lost connection may hide a session: the same key finds it. Neither too many requests (429) nor a key in use (409)
 * was acted upon. Any other answer is kept under its key for a day; the page of a session that we never heard of
 * cannot be paid by anybody.
 */
function keySpent(error: unknown): boolean {
  const status = error instanceof Stripe.errors.StripeError ? error.statusCode : undefined;
  return status !== undefined && status !== 429 && status !== 409;
}
