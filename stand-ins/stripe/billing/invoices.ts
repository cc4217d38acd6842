import { type Account, newId } from '../model/account.js';
import { bookCharge, charge, newIntent, settleCharge } from '../money/payments.js';
import type { Charge, Invoice, InvoiceLineItem, InvoicePayment, PaymentIntent, Subscription } from '../model/wire.js';
import { cancel, change } from './subscriptions.js';

/** Stripe cancels the subscription after this many failed attempts and leaves the invoice unpaid (its default). */
const MAX_ATTEMPTS = 4;

/** Issues the invoice of the subscription's current period, final and open. */
export function issueInvoice(account: Account, subscription: Subscription, reason: Invoice['billing_reason']): Invoice {
  const now = account.now();
  const id = newId('in', 24);
  const customer = account.getReferenced('customer', subscription.customer);
  const lines = subscription.items.data.map((it) => newLine(id, subscription, it));
  const total = lines.reduce((sum, it) => sum + it.amount, 0);
  const number = customer.next_invoice_sequence ?? 1;
  customer.next_invoice_sequence = number + 1;
  const invoice = account.add('invoice', {
    id,
    object: 'invoice',
    account_country: 'US',
    account_name: 'Offline stand-in',
    account_tax_ids: null,
    amount_due: total,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: total,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: null,
    billing_reason: reason,
    collection_method: 'charge_automatically',
    created: now,
    currency: subscription.currency,
    custom_fields: null,
    customer: subscription.customer,
    customer_account: null,
    customer_address: null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: null,
    customer_tax_exempt: 'none',
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: subscription.description,
    discounts: [],
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: { object: 'list', data: lines, has_more: false, url: `/v1/invoices/${id}/lines` },
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: {
      quote_details: null,
      // The copy does not follow later changes of the subscription's metadata.
      subscription_details: { metadata: { ...subscription.metadata }, subscription: subscription.id },
      type: 'subscription_details',
    },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: now,
    period_start: now,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: total,
    subtotal_excluding_tax: total,
    test_clock: null,
    total,
    total_discount_amounts: [],
    total_excluding_tax: total,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: null,
  });
  account.emit('invoice.created', invoice);
  Object.assign(invoice, {
    status: 'open',
    effective_at: now,
    ending_balance: 0,
    number: `${customer.invoice_prefix}-${String(number).padStart(4, '0')}`,
  });
  invoice.status_transitions.finalized_at = now;
  account.emit('invoice.finalized', invoice);
  subscription.latest_invoice = id;
  return invoice;
}

/** Attempts to collect an open invoice. A bank debit leaves it open until it settles. */
export function payInvoice(account: Account, invoice: Invoice): Charge {
  const subscription = subscriptionOf(account, invoice);
  const method = account.getReferenced('payment_method', subscription.default_payment_method as string);
  const payment = paymentOf(account, invoice) ?? newPayment(account, invoice, subscription);
  const intent = account.getReferenced('payment_intent', payment.payment.payment_intent as string);
  invoice.attempt_count += 1;
  invoice.attempted = true;
  const made = charge(account, intent, method);
  if (made.status === 'pending') account.startDebit(intent.id);
  else applyCharge(account, invoice, payment, made);
  return made;
}

/** Ends the bank debit of an invoice. */
export function settleInvoice(
  account: Account,
  invoice: Invoice,
  intent: PaymentIntent,
  outcome: 'succeeded' | 'failed',
): void {
  const made = settleCharge(account, intent, outcome);
  applyCharge(account, invoice, paymentOf(account, invoice)!, made);
}

/** Returns the one payment of the invoice, as `invoice_payments` lists it. */
function paymentOf(account: Account, invoice: Invoice): InvoicePayment | undefined {
  return account.all('invoice_payment').find((it) => it.invoice === invoice.id);
}

function subscriptionOf(account: Account, invoice: Invoice): Subscription {
  return account.getReferenced('subscription', invoice.parent?.subscription_details?.subscription);
}

function applyCharge(account: Account, invoice: Invoice, payment: InvoicePayment, made: Charge): void {
  const subscription = subscriptionOf(account, invoice);
  const now = account.now();
  if (made.paid) {
    Object.assign(invoice, {
      status: 'paid',
      amount_paid: invoice.total,
      amount_remaining: 0,
      next_payment_attempt: null,
    });
    invoice.status_transitions.paid_at = now;
    Object.assign(payment, { status: 'paid', amount_paid: invoice.total });
    payment.status_transitions.paid_at = now;
    account.emit('invoice.paid', invoice);
    account.emit('invoice.payment_succeeded', invoice);
    account.emit('invoice_payment.paid', payment);
    if (subscription.status !== 'canceled') change(account, subscription, { status: 'active' });
    bookCharge(account, made);
    return;
  }
  const last = invoice.attempt_count >= MAX_ATTEMPTS;
  invoice.next_payment_attempt = last ? null : now + 3 * 86_400;
  account.emit('invoice.payment_failed', invoice);
  if (subscription.status === 'canceled') return;
  if (last) cancel(account, subscription, 'payment_failed');
  else change(account, subscription, { status: 'past_due' });
}

function newPayment(account: Account, invoice: Invoice, subscription: Subscription): InvoicePayment {
  // Stripe leaves the metadata of a subscription's payments empty.
  const intent = newIntent(account, {
    amount: invoice.total,
    currency: invoice.currency,
    customer: invoice.customer,
    metadata: {},
    description: invoice.billing_reason === 'subscription_create' ? 'Subscription creation' : 'Subscription update',
    setup_future_usage: invoice.billing_reason === 'subscription_create' ? 'off_session' : null,
    receipt_email: null,
  });
  intent.payment_method = subscription.default_payment_method;
  return account.add('invoice_payment', {
    id: newId('inpay', 24),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: invoice.total,
    created: account.now(),
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent.id, type: 'payment_intent' },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  });
}

function newLine(
  invoice: string,
  subscription: Subscription,
  item: Subscription['items']['data'][number],
): InvoiceLineItem {
  const amount = (item.price.unit_amount ?? 0) * (item.quantity ?? 1);
  return {
    id: newId('il', 24),
    object: 'line_item',
    amount,
    currency: subscription.currency,
    description: `${item.quantity} × ${subscription.description ?? 'subscription'}`,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice,
    livemode: false,
    metadata: { ...subscription.metadata },
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: null,
        subscription: subscription.id,
        subscription_item: item.id,
      },
      type: 'subscription_item_details',
    },
    period: { end: item.current_period_end, start: item.current_period_start },
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: item.price.id, product: item.price.product },
      type: 'price_details',
      unit_amount_decimal: item.price.unit_amount_decimal,
    },
    quantity: item.quantity ?? 1,
    quantity_decimal: String(item.quantity ?? 1),
    subscription: subscription.id,
    subtotal: amount,
    taxes: [],
  };
}
