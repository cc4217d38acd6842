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

/** The donation that a fact belongs to, or the object that leads to it. */
export type FactOwner = { donation: string } | { invoice: string } | { payment: string };

/**
 * A statement of a Stripe object that never becomes untrue, for example that a payment intent received 50 USD. Facts
 * commute: applied in any order and any number of times, they give the same ledger.
 */
export type StripeFact =
  | { is: 'money'; entry: LedgerEntry; parent: FactOwner }
  | { is: 'session'; donation: string; session: string; state: SessionState }
  | { is: 'invoice'; donation: string; invoice: string }
  | { is: 'subscription'; donation: string; subscription: string };

const donationOf = (metadata: Record<string, string>): string | undefined => metadata.donation_id;

function payment(pi: string, amount: number, currency: string, parent: FactOwner): StripeFact[] {
  if (amount <= 0) return [];
  return [{ is: 'money', parent, entry: { key: `payment:${pi}`, kind: 'payment', payment: pi, amount, currency } }];
}

/**
 * Reads a checkout session of an event or of a poll. A session paid by bank debit can be complete and unpaid; the money
 * then comes later or never.
 * @param failed whether the event says that the payment failed
 */
export function sessionFacts(session: CheckoutSession, failed = false): StripeFact[] {
  const donation = donationOf(session.metadata);
  if (!donation) return [];
  const paid = session.payment_status === 'paid';
  const complete = session.status === 'complete' ? 'unpaid' : 'open';
  const state = paid ? 'paid' : failed ? 'failed' : session.status === 'expired' ? 'expired' : complete;
  const { amount_total: total, currency, payment_intent: pi } = session;
  return [
    { is: 'session', donation, session: session.id, state },
    ...(session.invoice ? [{ is: 'invoice' as const, donation, invoice: session.invoice }] : []),
    ...(session.subscription ? [{ is: 'subscription' as const, donation, subscription: session.subscription }] : []),
    ...(paid && pi && total !== null && currency ? payment(pi, total, currency, { donation }) : []),
  ];
}

/** Reads a payment of an invoice, whose donation is found by the invoice. */
export function invoicePaymentFacts({
  invoice,
  status,
  amount_paid,
  currency,
  payment: by,
}: InvoicePayment): StripeFact[] {
  if (status !== 'paid' || !invoice || !by.payment_intent) return [];
  return payment(by.payment_intent, amount_paid ?? 0, currency, { invoice });
}

/** Reads an invoice. Its subscription's metadata carry the donation's id, also for a renewal. */
function invoiceFacts(invoice: Invoice): StripeFact[] {
  const donation = invoice.parent && donationOf(invoice.parent.metadata);
  if (!donation) return [];
  const { subscription } = invoice.parent!;
  return [
    { is: 'invoice', donation, invoice: invoice.id },
    ...(subscription ? [{ is: 'subscription' as const, donation, subscription }] : []),
    ...(invoice.payments?.data ?? []).flatMap(invoicePaymentFacts),
  ];
}

function intentFacts({ id, amount_received, currency, metadata }: PaymentIntent): StripeFact[] {
  const donation = donationOf(metadata);
  return donation ? payment(id, amount_received, currency, { donation }) : [];
}

function chargeFacts({
  paid,
  captured,
  amount_captured,
  currency,
  payment_intent: pi,
  metadata,
}: Charge): StripeFact[] {
  const donation = donationOf(metadata);
  return donation && pi && paid && captured ? payment(pi, amount_captured, currency, { donation }) : [];
}

/**
 * Reads a refund. It counts from its creation, as in Stripe's balance; a failed or cancelled one adds the amount again.
 */
function refundFacts({ id, amount, currency, payment_intent: pi, status }: Refund): StripeFact[] {
  if (!pi || amount <= 0) return [];
  const entry = (kind: EntryKind, signed: number): StripeFact => ({
    is: 'money',
    parent: { payment: pi },
    entry: { key: `${kind}:${id}`, kind, payment: pi, amount: signed, currency },
  });
  const undone = status === 'failed' || status === 'canceled';
  return [entry('refund', -amount), ...(undone ? [entry('refund_failed', amount)] : [])];
}

/** The states of a dispute in which Stripe has withdrawn the money. Inquiries (`warning_..`) withdraw none. */
const TAKEN = ['needs_response', 'under_review', 'won', 'lost'];

function disputeFacts({ id, amount, currency, payment_intent: pi, status }: Dispute, type: string): StripeFact[] {
  if (!pi || amount <= 0) return [];
  const won = status === 'won' || type === 'charge.dispute.funds_reinstated';
  const taken = won || TAKEN.includes(status) || type === 'charge.dispute.funds_withdrawn';
  if (!taken) return [];
  const entry = (kind: EntryKind, signed: number): StripeFact => ({
    is: 'money',
    parent: { payment: pi },
    entry: { key: `${kind}:${id}`, kind, payment: pi, amount: signed, currency },
  });
  return [
    entry('dispute', -amount),
    ...(won ? [entry('dispute_won', amount)] : []),
    ...(status === 'lost' ? [entry('dispute_lost', 0)] : []),
  ];
}

const readers: Record<string, (object: unknown, type: string) => StripeFact[]> = {
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

function subscriptionFacts(object: unknown): StripeFact[] {
  const { id, metadata } = Subscription.parse(object);
  const donation = donationOf(metadata);
  return donation ? [{ is: 'subscription', donation, subscription: id }] : [];
}

/** The event types that a webhook endpoint needs. Other events are stored as ignored. */
export const EVENT_TYPES: readonly string[] = Object.keys(readers);

/** The facts of an event. @throws ZodError when the object lacks a field that we use */
export const factsOf = ({ type, data }: StripeEvent): StripeFact[] =>
  Object.hasOwn(readers, type) ? readers[type]!(data.object, type) : [];
