import type { Account } from '../model/account.js';
import { invalid } from '../model/errors.js';
import { newCustomer } from '../billing/customers.js';
import { issueInvoice, payInvoice, settleInvoice } from '../billing/invoices.js';
import { change, newSubscription } from '../billing/subscriptions.js';
import { type PaymentMeans, newMethod, type Payer } from '../money/methods.js';
import { bookCharge, charge, newIntent, settleCharge } from '../money/payments.js';
import type { PaymentIntent, CheckoutSession } from '../model/wire.js';
import type { CheckoutDetails } from '../model/checkout-details.js';

/** The buttons of the hosted page. */
export type PaymentButton = PaymentMeans | 'declined_card';

/**
 * Presses a button of the hosted page. A session that is no longer open stays as it is.
 * @returns the decline code, if the card was declined
 */
export function pay(
  account: Account,
  session: CheckoutSession,
  press: PaymentButton,
  payer: Payer,
): string | undefined {
  if (session.status !== 'open') return undefined;
  const checkout = account.state.checkouts[session.id]!;
  const attempt = { account, session, checkout, payer };
  return session.mode === 'subscription' ? subscribe(attempt, press) : payOnce(attempt, press);
}

interface CheckoutAttempt {
  account: Account;
  session: CheckoutSession;
  checkout: CheckoutDetails;
  payer: Payer;
}

function payOnce({ account, session, checkout, payer }: CheckoutAttempt, press: PaymentButton): string | undefined {
  const customer = session.customer_creation === 'always' ? customerOf(account, session, payer) : session.customer;
  const intent = session.payment_intent
    ? account.getReferenced('payment_intent', session.payment_intent)
    : newIntent(account, {
        amount: session.amount_total ?? 0,
        currency: session.currency ?? '',
        customer,
        metadata: { ...checkout.metadata },
        description: checkout.description,
        receipt_email: checkout.receiptEmail,
        setup_future_usage: checkout.setupFutureUsage,
        statement_descriptor_suffix: checkout.statementSuffix,
      });
  session.payment_intent = intent.id;
  const method = newMethod(account, press === 'bank_debit' ? press : 'card', payer, customer);
  const made = charge(account, intent, method, press === 'declined_card' ? 'generic_decline' : undefined);
  if (made.status === 'failed') return intent.last_payment_error?.decline_code ?? 'generic_decline';
  if (made.status === 'pending') account.startDebit(intent.id);
  complete(account, session, customer, payer, made.paid);
  bookCharge(account, made);
  return undefined;
}

function subscribe({ account, session, checkout, payer }: CheckoutAttempt, press: PaymentButton): string | undefined {
  const customer = customerOf(account, session, payer);
  const method = newMethod(account, press === 'bank_debit' ? press : 'card', payer, customer);
  const decline = press === 'declined_card' ? 'generic_decline' : account.state.declines.shift();
  if (decline) {
    // This is an assumption: a first payment that is declined in Checkout leaves no subscription and no invoice behind.
    const intent = newIntent(account, {
      amount: session.amount_total ?? 0,
      currency: session.currency ?? '',
      customer,
      metadata: {},
      description: 'Subscription creation',
    });
    charge(account, intent, method, decline);
    return decline;
  }
  account.emit('payment_method.attached', method);
  const subscription = newSubscription(account, {
    customer,
    method: method.id,
    lines: checkout.lines,
    metadata: { ...checkout.metadata },
    description: checkout.description,
  });
  const invoice = issueInvoice(account, subscription, 'subscription_create');
  const made = payInvoice(account, invoice);
  if (!made.paid) change(account, subscription, { status: 'active' });
  session.subscription = subscription.id;
  session.invoice = invoice.id;
  complete(account, session, customer, payer, made.paid);
  return undefined;
}

function complete(
  account: Account,
  session: CheckoutSession,
  customer: string | null,
  payer: Payer,
  paid: boolean,
): void {
  Object.assign(session, { status: 'complete', payment_status: paid ? 'paid' : 'unpaid', customer, url: null });
  session.customer_details = {
    address: null,
    business_name: null,
    email: payer.email,
    individual_name: payer.name,
    name: payer.name,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
  };
  account.emit('checkout.session.completed', session);
}

/** Ends a bank debit: it succeeds or fails. @throws StripeError 400 when none is running */
export function settle(account: Account, intent: PaymentIntent, outcome: 'succeeded' | 'failed'): void {
  if (!Object.hasOwn(account.state.settlements, intent.id))
    throw invalid(`stand-in: no bank debit of ${intent.id} is running`);
  delete account.state.settlements[intent.id];
  const payment = account.all('invoice_payment').find((it) => it.payment.payment_intent === intent.id);
  const session = account
    .all('checkout.session')
    .find((it) => it.payment_intent === intent.id || (payment && it.invoice === payment.invoice));
  if (payment) settleInvoice(account, account.getReferenced('invoice', payment.invoice), intent, outcome);
  else settleCharge(account, intent, outcome);
  if (session) {
    if (outcome === 'succeeded') session.payment_status = 'paid';
    account.emit(
      outcome === 'succeeded' ? 'checkout.session.async_payment_succeeded' : 'checkout.session.async_payment_failed',
      session,
    );
  }
  bookCharge(account, account.getReferenced('charge', intent.latest_charge));
}

/** Ends an open session without a payment. @throws StripeError 400 when it is not open */
export function expire(account: Account, session: CheckoutSession): CheckoutSession {
  if (session.status !== 'open')
    throw invalid(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
    );
  Object.assign(session, { status: 'expired', url: null });
  account.emit('checkout.session.expired', session);
  return session;
}

function customerOf(account: Account, session: CheckoutSession, payer: Payer): string {
  session.customer ??= newCustomer(account, payer).id;
  return session.customer;
}
