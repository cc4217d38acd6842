import { z } from 'zod';

/**
 * The fields of Stripe's objects that we use (docs.stripe.com/api, version 2026-10-28.endive). Other fields are ignored.
 * A missing or malformed field fails the job that reads it.
 */
const ref = z
  .union([z.string(), z.looseObject({ id: z.string() }).transform((it) => it.id)])
  .nullish()
  .transform((it) => it ?? undefined);
const amount = z.int();
const currency = z.string().regex(/^[a-z]{3}$/);
const metadata = z
  .record(z.string(), z.string())
  .nullish()
  .transform((it) => it ?? {});
const seconds = z.int().transform((it) => new Date(it * 1000));

export const CheckoutSession = z.looseObject({
  id: z.string(),
  mode: z.string(),
  status: z.string().nullable(),
  payment_status: z.string(),
  amount_total: amount.nullable(),
  currency: currency.nullable(),
  payment_intent: ref,
  subscription: ref,
  invoice: ref,
  customer: ref,
  client_reference_id: z.string().nullish(),
  metadata,
});
export type CheckoutSession = z.infer<typeof CheckoutSession>;

export const PaymentIntent = z.looseObject({ id: z.string(), amount_received: amount, currency, metadata });
export type PaymentIntent = z.infer<typeof PaymentIntent>;

export const Charge = z.looseObject({
  paid: z.boolean(),
  captured: z.boolean(),
  amount_captured: amount,
  currency,
  payment_intent: ref,
  metadata,
});
export type Charge = z.infer<typeof Charge>;

/** A payment of an invoice, with the amount that it paid. */
export const InvoicePayment = z.looseObject({
  invoice: ref,
  status: z.string(),
  amount_paid: amount.nullable(),
  currency,
  payment: z.looseObject({ payment_intent: ref }),
});
export type InvoicePayment = z.infer<typeof InvoicePayment>;

/** Since the `basil` versions an invoice has its subscription and metadata under `parent`. */
export const Invoice = z.looseObject({
  id: z.string(),
  parent: z
    .looseObject({ subscription_details: z.looseObject({ subscription: ref, metadata }).nullish() })
    .nullish()
    .transform((it) => it?.subscription_details ?? undefined),
  status_transitions: z.looseObject({ paid_at: seconds.nullish() }).nullish(),
  /** Present only when the request expands it. Events never have it. */
  payments: z.looseObject({ data: z.array(InvoicePayment) }).nullish(),
});
export type Invoice = z.infer<typeof Invoice>;

export const Refund = z.looseObject({
  id: z.string(),
  amount,
  currency,
  payment_intent: ref,
  status: z.string().nullable(),
});
export type Refund = z.infer<typeof Refund>;

export const Dispute = z.looseObject({
  id: z.string(),
  amount,
  currency,
  payment_intent: ref,
  status: z.string(),
});
export type Dispute = z.infer<typeof Dispute>;

/** Since the `basil` versions the period is a field of the item and not of the subscription. */
const SubscriptionItem = z.looseObject({
  current_period_start: seconds.nullish(),
  current_period_end: seconds.nullish(),
  quantity: z.int().nullish(),
  price: z
    .looseObject({
      currency,
      unit_amount: amount.nullish(),
      recurring: z.looseObject({ interval: z.string(), interval_count: z.int() }).nullish(),
    })
    .nullish(),
});

export const Subscription = z.looseObject({
  id: z.string(),
  status: z.string(),
  customer: ref,
  cancel_at_period_end: z.boolean(),
  /** The customer portal may set this field instead of `cancel_at_period_end`. */
  cancel_at: seconds.nullish(),
  /** Set while staff have paused the collection, which changes no status (docs.stripe.com/billing/subscriptions/pause). */
  pause_collection: z.looseObject({}).nullish(),
  items: z.looseObject({ data: z.array(SubscriptionItem) }).nullish(),
  metadata,
});
export type Subscription = z.infer<typeof Subscription>;

/** The envelope of a snapshot event. */
export const StripeEvent = z.looseObject({
  id: z.string().min(1).max(255),
  object: z.literal('event'),
  type: z.string().min(1).max(255),
  api_version: z.string().nullish(),
  livemode: z.boolean(),
  created: seconds,
  data: z.looseObject({ object: z.looseObject({}) }),
});
export type StripeEvent = z.infer<typeof StripeEvent>;

/** Converts an event back to the form in which Stripe sends it, with times in seconds. */
export const toWire = (event: StripeEvent): object => ({ ...event, created: event.created.getTime() / 1000 });
