import { type Account, newId } from '../model/account.js';
import type { Charge, PaymentIntent, PaymentMethod } from '../model/wire.js';
import { book, feeOn } from './balance.js';
import { methodDetails } from './methods.js';

/** The values of a payment. */
type Purpose = Pick<PaymentIntent, 'amount' | 'currency' | 'customer' | 'metadata' | 'description'> &
  Partial<Pick<PaymentIntent, 'receipt_email' | 'setup_future_usage' | 'statement_descriptor_suffix'>>;

const DECLINES: Record<string, string> = {
  generic_decline: 'Your card was declined.',
  insufficient_funds: 'Your card has insufficient funds.',
  expired_card: 'Your card has expired.',
  debit_not_authorized: 'The customer notified their bank that this payment was unauthorized.',
};

/** Returns the message of a decline code for the payer. */
export const declineMessage = (code: string) => DECLINES[code] ?? DECLINES.generic_decline!;

export function newIntent(account: Account, purpose: Purpose): PaymentIntent {
  const id = `pi_3${newId('x').slice(2)}`;
  const intent = account.add('payment_intent', {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: purpose.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: `${id}_secret_${newId('x').slice(2)}`,
    confirmation_method: 'automatic',
    created: account.now(),
    currency: purpose.currency,
    customer: purpose.customer,
    customer_account: null,
    description: purpose.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: purpose.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card', 'us_bank_account'],
    payment_record: null,
    processing: null,
    receipt_email: purpose.receipt_email ?? null,
    review: null,
    setup_future_usage: purpose.setup_future_usage ?? null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: purpose.statement_descriptor_suffix ?? null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  });
  account.emit('payment_intent.created', intent);
  return intent;
}

/**
 * Tries to charge: a card answers at once, a bank debit waits to be settled. A decline that was ordered
 * (`failNextCharge`) applies here.
 * @param decline - the decline code, where the payer chose the declined card
 */
export function charge(account: Account, intent: PaymentIntent, method: PaymentMethod, decline?: string): Charge {
  const code = decline ?? account.state.declines.shift();
  intent.payment_method = method.id;
  const made = newCharge(account, intent, method);
  intent.latest_charge = made.id;
  if (code) {
    refuse(account, intent, made, code);
  } else if (method.type === 'card') {
    succeed(account, intent, made);
  } else {
    intent.status = 'processing';
    intent.last_payment_error = null;
    account.emit('payment_intent.processing', intent);
    account.emit('charge.pending', made);
  }
  return made;
}

/** Ends a bank debit. */
export function settleCharge(account: Account, intent: PaymentIntent, outcome: 'succeeded' | 'failed'): Charge {
  const made = account.getReferenced('charge', intent.latest_charge);
  if (outcome === 'succeeded') succeed(account, intent, made);
  else refuse(account, intent, made, 'debit_not_authorized');
  return made;
}

/** Writes the movement of the balance, which Stripe does a little after the charge and reports by `charge.updated`. */
export function bookCharge(account: Account, made: Charge): void {
  if (!made.paid || made.balance_transaction) return;
  made.balance_transaction = book(account, {
    amount: made.amount,
    currency: made.currency,
    fee: feeOn(made.amount, made.currency),
    type: made.id.startsWith('py_') ? 'payment' : 'charge',
    reporting_category: 'charge',
    source: made.id,
    description: made.description,
  }).id;
  account.emit('charge.updated', made, { balance_transaction: null });
}

function succeed(account: Account, intent: PaymentIntent, made: Charge): void {
  Object.assign(made, { status: 'succeeded', paid: true, captured: true, amount_captured: made.amount });
  Object.assign(intent, { status: 'succeeded', amount_received: intent.amount, last_payment_error: null });
  account.emit('charge.succeeded', made);
  account.emit('payment_intent.succeeded', intent);
}

function refuse(account: Account, intent: PaymentIntent, made: Charge, code: string): void {
  const message = declineMessage(code);
  Object.assign(made, {
    status: 'failed',
    paid: false,
    captured: false,
    failure_code: 'card_declined',
    failure_message: message,
  });
  made.outcome = {
    ...outcome,
    network_status: 'declined_by_network',
    reason: code,
    seller_message: message,
    type: 'issuer_declined',
  };
  intent.status = 'requires_payment_method';
  intent.payment_method = null;
  intent.last_payment_error = {
    type: 'card_error',
    code: 'card_declined',
    decline_code: code,
    message,
    charge: made.id,
  };
  account.emit('charge.failed', made);
  account.emit('payment_intent.payment_failed', intent);
}

const outcome = {
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: 'approved_by_network',
  reason: null,
  risk_level: 'normal',
  seller_message: 'Payment complete.',
  type: 'authorized',
};

function newCharge(account: Account, intent: PaymentIntent, method: PaymentMethod): Charge {
  return account.add('charge', {
    id: `${method.type === 'card' ? 'ch' : 'py'}_3${newId('x').slice(2)}`,
    object: 'charge',
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: 'OFFLINE STAND-IN',
    captured: false,
    created: account.now(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome,
    paid: false,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: methodDetails(account, method),
    radar_options: {},
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: 'pending',
    transfer_data: null,
    transfer_group: null,
  });
}
