import type { SessionState } from './donation-state.js';
import {
  Charge,
  CheckoutSession,
  Dispute,
  Invoice,
  InvoicePayment,
  PaymentIntent,
  Refund,
  type StripeEvent,
  Subscription,
} from '../stripe/stripe-objects.js';

export type EntryKind = 'payment' | 'refund' | 'refund_failed' | 'dispute' | 'dispute_won' | 'dispute_lost';

/** One movement of money. Its key comes from Stripe's object, so that several events write it once. */
interface LedgerEntry {
  /** `payment:<pi>`, `refund:<re>`, `refund_failed:<re>`, `dispute:<dp>`, `dispute_won:<dp>`, `dispute_lost:<dp>` */
  key: string;
  kind: EntryKind;
  /** The payment intent. */
  payment: string;
  /** Signed, in minor units. */
  amount: number;
  currency: string;
}

/**
 * What leads from a Stripe object to its donation. Our own records of its ids decide; the metadata is a copy that others
 * can change, so it counts only when no id is known.
 */
export interface ObjectOwner {
  /** The ids that belong to one donation, from the top down: subscription, session, invoice, payment intent. */
  ids: string[];
  /** The donations that the object itself names, in `client_reference_id` or in its metadata. */
  named: string[];
}

/**
 * A statement of a Stripe object that never becomes untrue, for example that a payment intent received 50 USD. Facts
 * commute: applied in any order and any number of times, they give the same ledger.
 */
export type StripeFact =
  | { is: 'money'; entry: LedgerEntry }
  | { is: 'session'; session: string; state: SessionState }
  | { is: 'invoice'; invoice: string }
  | { is: 'intent'; intent: string }
  | { is: 'customer'; customer: string }
  | { is: 'subscription'; subscription: string };

/** The facts of one Stripe object. */
export interface ObjectFacts {
  owner: ObjectOwner;
  facts: StripeFact[];
  /** Whether the object never waits: without an owner it is not ours, because no other object could lead to one. */
  final?: boolean;
}

const ownerOf = (ids: (string | undefined)[], ...named: (string | null | undefined)[]): ObjectOwner => ({
  ids: ids.filter((it) => it !== undefined),
  named: named.filter((it) => !!it) as string[],
});

function payment(pi: string, amount: number, currency: string): StripeFact[] {
  if (amount <= 0) return [];
  return [{ is: 'money', entry: { key: `payment:${pi}`, kind: 'payment', payment: pi, amount, currency } }];
}

/**
 * Reads a checkout session of an event or of a poll. A session paid by bank debit can be complete and unpaid; the money
 * then comes later or never.
 * @param failed whether the event says that the payment failed
 */
export function sessionFacts(session: CheckoutSession, failed = false): ObjectFacts {
  const paid = session.payment_status === 'paid';
  const complete = session.status === 'complete' ? 'unpaid' : 'open';
  const state = paid ? 'paid' : failed ? 'failed' : session.status === 'expired' ? 'expired' : complete;
  const { amount_total: total, currency, payment_intent: pi, invoice, subscription, customer } = session;
  return {
    owner: ownerOf([subscription, session.id, invoice, pi], session.client_reference_id, session.metadata.donation_id),
    final: true,
    facts: [
      { is: 'session', session: session.id, state },
      ...(customer ? [{ is: 'customer' as const, customer }] : []),
      ...(invoice ? [{ is: 'invoice' as const, invoice }] : []),
      ...(pi ? [{ is: 'intent' as const, intent: pi }] : []),
      ...(subscription ? [{ is: 'subscription' as const, subscription }] : []),
      ...(paid && pi && total !== null && currency ? payment(pi, total, currency) : []),
    ],
  };
}

/** Reads a payment of an invoice, whose donation is found by the invoice. */
export function invoicePaymentFacts({
  invoice,
  status,
  amount_paid,
  currency,
  payment: by,
}: InvoicePayment): ObjectFacts {
  const pi = by.payment_intent;
  const counts = status === 'paid' && invoice && pi;
  return { owner: ownerOf([invoice, pi]), facts: counts ? payment(pi, amount_paid ?? 0, currency) : [] };
}

/** Reads an invoice, whose donation is found by its subscription. One without a subscription is never ours. */
export function invoiceFacts(invoice: Invoice): ObjectFacts {
  const { subscription, metadata } = invoice.parent ?? {};
  return {
    owner: ownerOf([subscription, invoice.id], metadata?.donation_id),
    facts: subscription
      ? [
          { is: 'invoice', invoice: invoice.id },
          { is: 'subscription', subscription },
          ...(invoice.payments?.data ?? []).flatMap((it) => invoicePaymentFacts(it).facts),
        ]
      : [],
  };
}

function intentFacts({ id, amount_received, currency, metadata }: PaymentIntent): ObjectFacts {
  return { owner: ownerOf([id], metadata.donation_id), facts: payment(id, amount_received, currency) };
}

function chargeFacts({ paid, captured, amount_captured, currency, payment_intent: pi, metadata }: Charge): ObjectFacts {
  return {
    owner: ownerOf([pi], metadata.donation_id),
    facts: pi && paid && captured ? payment(pi, amount_captured, currency) : [],
  };
}

/**
 * Reads a refund. It counts from its creation, as in Stripe's balance; a failed or cancelled one adds the amount again.
 */
export function refundFacts({ id, amount, currency, payment_intent: pi, status }: Refund): ObjectFacts {
  const owner = ownerOf([pi]);
  if (!pi || amount <= 0) return { owner, facts: [] };
  const entry = (kind: EntryKind, signed: number): StripeFact => ({
    is: 'money',
    entry: { key: `${kind}:${id}`, kind, payment: pi, amount: signed, currency },
  });
  const undone = status === 'failed' || status === 'canceled';
  return { owner, facts: [entry('refund', -amount), ...(undone ? [entry('refund_failed', amount)] : [])] };
}

/** The states of a dispute in which Stripe has withdrawn the money. Inquiries (`warning_..`) withdraw none. */
const TAKEN = ['needs_response', 'under_review', 'won', 'lost'];

export function disputeFacts({ id, amount, currency, payment_intent: pi, status }: Dispute, type = ''): ObjectFacts {
  const owner = ownerOf([pi]);
  const won = status === 'won' || type === 'charge.dispute.funds_reinstated';
  const taken = won || TAKEN.includes(status) || type === 'charge.dispute.funds_withdrawn';
  if (!pi || amount <= 0 || !taken) return { owner, facts: [] };
  const entry = (kind: EntryKind, signed: number): StripeFact => ({
    is: 'money',
    entry: { key: `${kind}:${id}`, kind, payment: pi, amount: signed, currency },
  });
  return {
    owner,
    facts: [
      entry('dispute', -amount),
      ...(won ? [entry('dispute_won', amount)] : []),
      ...(status === 'lost' ? [entry('dispute_lost', 0)] : []),
    ],
  };
}

const readers: Record<string, (object: unknown, type: string) => ObjectFacts> = {
  'checkout.session.completed': (it) => sessionFacts(CheckoutSession.parse(it)),
  'checkout.session.async_payment_succeeded': (it) => sessionFacts(CheckoutSession.parse(it)),
  'checkout.session.async_payment_failed': (it) => sessionFacts(CheckoutSession.parse(it), true),
  'checkout.session.expired': (it) => sessionFacts(CheckoutSession.parse(it)),
  'payment_intent.succeeded': (it) => intentFacts(PaymentIntent.parse(it)),
  'charge.succeeded': (it) => chargeFacts(Charge.parse(it)),
  'invoice.paid': (it) => invoiceFacts(Invoice.parse(it)),
  'invoice.payment_failed': (it) => invoiceFacts(Invoice.parse(it)),
  'invoice_payment.paid': (it) => invoicePaymentFacts(InvoicePayment.parse(it)),
  'customer.subscription.created': subscriptionFacts,
  'customer.subscription.updated': subscriptionFacts,
  'customer.subscription.deleted': subscriptionFacts,
  'customer.subscription.paused': subscriptionFacts,
  'customer.subscription.resumed': subscriptionFacts,
  'refund.created': (it) => refundFacts(Refund.parse(it)),
  'refund.updated': (it) => refundFacts(Refund.parse(it)),
  'refund.failed': (it) => refundFacts(Refund.parse(it)),
  'charge.dispute.created': (it, type) => disputeFacts(Dispute.parse(it), type),
  'charge.dispute.updated': (it, type) => disputeFacts(Dispute.parse(it), type),
  'charge.dispute.closed': (it, type) => disputeFacts(Dispute.parse(it), type),
  'charge.dispute.funds_withdrawn': (it, type) => disputeFacts(Dispute.parse(it), type),
  'charge.dispute.funds_reinstated': (it, type) => disputeFacts(Dispute.parse(it), type),
};

function subscriptionFacts(object: unknown): ObjectFacts {
  const { id, metadata, customer } = Subscription.parse(object);
  return {
    owner: ownerOf([id], metadata.donation_id),
    facts: [{ is: 'subscription', subscription: id }, ...(customer ? [{ is: 'customer' as const, customer }] : [])],
  };
}

/** The event types that a webhook endpoint needs. Other events are stored as ignored. */
export const EVENT_TYPES: readonly string[] = Object.keys(readers);

/** The facts of an event. @throws ZodError when the object lacks a field that we use */
export const factsOf = ({ type, data }: StripeEvent): ObjectFacts =>
  Object.hasOwn(readers, type) ? readers[type]!(data.object, type) : { owner: ownerOf([]), facts: [] };
