import { Injectable, Logger } from '@nestjs/common';
import { z } from 'zod';
import { isNotFound, StripeClient } from './stripe.client.js';
import { CheckoutSession, Dispute, Invoice, InvoicePayment, Refund, Subscription } from './stripe-objects.js';

/** A run reads at most this many pages of 100 objects, so that a very large account cannot hold a worker for hours. */
const MAX_PAGES = 200;

const dated = z.object({ created: z.int().transform((it) => new Date(it * 1000)) });
export type Dated<T> = T & { created: Date };

type Page = { id: string }[];
interface Paging {
  limit: number;
  created: { gte: number };
  starting_after?: string;
}

/** Reads Stripe's objects when no event tells of them: by what they belong to, and by their age. */
@Injectable()
export class StripeObjects {
  private readonly log = new Logger('Donations');

  constructor(private readonly stripe: StripeClient) {}

  /** The checkout session that made a payment intent or a subscription, if one did. */
  async sessionOf(made: { payment_intent: string } | { subscription: string }): Promise<CheckoutSession | undefined> {
    const { data } = await this.stripe.sdk.checkout.sessions.list({ ...made, limit: 1 });
    return data.map((it) => CheckoutSession.parse(it))[0];
  }

  /** The invoice that a payment intent pays, if it pays one. */
  async invoiceOfPayment(paymentIntent: string): Promise<string | undefined> {
    const payment = { type: 'payment_intent' as const, payment_intent: paymentIntent };
    const { data } = await this.stripe.sdk.invoicePayments.list({ payment, limit: 1 });
    return data.map((it) => InvoicePayment.parse(it))[0]?.invoice;
  }

  /** An invoice with its payments, or undefined when Stripe has none of this id. */
  async invoice(id: string): Promise<Invoice | undefined> {
    return orAbsent(async () => Invoice.parse(await this.stripe.sdk.invoices.retrieve(id, { expand: ['payments'] })));
  }

  /** A subscription, or undefined when Stripe has none of this id. */
  async subscription(id: string): Promise<Subscription | undefined> {
    return orAbsent(async () => Subscription.parse(await this.stripe.sdk.subscriptions.retrieve(id)));
  }

  /** Yields pages of the checkout sessions that were completed. */
  completedSessions(since: Date): AsyncGenerator<Dated<CheckoutSession>[]> {
    return this.pages(since, CheckoutSession, (page) =>
      this.stripe.sdk.checkout.sessions.list({ ...page, status: 'complete' }),
    );
  }

  /** Yields pages of paid invoices with their payments. */
  paidInvoices(since: Date): AsyncGenerator<Dated<Invoice>[]> {
    return this.pages(since, Invoice, (page) =>
      this.stripe.sdk.invoices.list({ ...page, status: 'paid', expand: ['data.payments'] }),
    );
  }

  refunds(since: Date): AsyncGenerator<Dated<Refund>[]> {
    return this.pages(since, Refund, (page) => this.stripe.sdk.refunds.list(page));
  }

  disputes(since: Date): AsyncGenerator<Dated<Dispute>[]> {
    return this.pages(since, Dispute, (page) => this.stripe.sdk.disputes.list(page));
  }

  /** Yields pages of objects created since a time, newest first, parsed and with their time. */
  private async *pages<T>(
    since: Date,
    schema: z.ZodType<T>,
    list: (paging: Paging) => Promise<{ data: Page; has_more: boolean }>,
  ): AsyncGenerator<Dated<T>[]> {
    const paging: Paging = { limit: 100, created: { gte: Math.floor(since.getTime() / 1000) } };
    for (let n = 1, more = true; more; n += 1) {
      const { data, has_more } = await list(paging);
      yield data.map((it) => ({ ...schema.parse(it), ...dated.parse(it) }));
      const last = data.at(-1)?.id;
      more = has_more && last !== undefined;
      if (more && n === MAX_PAGES)
        this.log.warn(`Stripe lists more than ${MAX_PAGES * 100} objects; the rest is left.`);
      more &&= n < MAX_PAGES;
      if (last !== undefined) paging.starting_after = last;
    }
  }
}

async function orAbsent<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
