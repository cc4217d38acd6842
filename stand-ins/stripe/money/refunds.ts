import { type Account, newId } from '../model/account.js';
import { invalid } from '../model/errors.js';
import type { Charge, Refund } from '../model/wire.js';
import { book } from './balance.js';

interface RefundRequest {
  amount?: number | undefined;
  reason?: string | undefined;
  metadata: Record<string, string>;
}

/** Refunds a charge, whole or in part. @throws StripeError 400 where Stripe refuses it */
export function refund(account: Account, charge: Charge, request: RefundRequest): Refund {
  if (charge.status !== 'succeeded')
    throw invalid(
      `The charge ${charge.id} is ${charge.status}: it cannot be refunded.`,
      undefined,
      'charge_not_refundable',
    );
  if (charge.refunded)
    throw invalid(`Charge ${charge.id} has already been refunded.`, undefined, 'charge_already_refunded');
  if (charge.disputed)
    throw invalid(`Charge ${charge.id} has been charged back; cannot issue a refund.`, undefined, 'charge_disputed');
  const left = charge.amount - charge.amount_refunded;
  const amount = request.amount ?? left;
  if (amount < 1) throw invalid('Invalid positive integer', 'amount', 'parameter_invalid_integer');
  if (amount > left)
    throw invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, 'amount');

  const id = newId('re_3', 22).replace('_3_', '_3');
  const movement = book(account, {
    amount: -amount,
    currency: charge.currency,
    type: charge.id.startsWith('py_') ? 'payment_refund' : 'refund',
    reporting_category: 'refund',
    source: id,
    description: 'REFUND FOR PAYMENT',
  });
  const made = account.add('refund', {
    id,
    object: 'refund',
    amount,
    balance_transaction: movement.id,
    charge: charge.id,
    created: account.now(),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    metadata: request.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: request.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  });
  const before = { amount_refunded: charge.amount_refunded, refunded: charge.refunded };
  charge.amount_refunded += amount;
  charge.refunded = charge.amount_refunded === charge.amount;
  account.emit('refund.created', made);
  account.emit('charge.refunded', charge, before);
  return made;
}

/** Lets a refund fail: the payer's bank sends it back, and the money returns to the account. */
export function failRefund(account: Account, refund: Refund): Refund {
  if (refund.status !== 'succeeded') throw invalid(`stand-in: the refund ${refund.id} is ${refund.status}`);
  const charge = account.getReferenced('charge', refund.charge);
  const movement = book(account, {
    amount: refund.amount,
    currency: refund.currency,
    type: 'refund_failure',
    reporting_category: 'refund_failure',
    source: refund.id,
    description: 'REFUND FAILURE',
  });
  Object.assign(refund, {
    status: 'failed',
    failure_balance_transaction: movement.id,
    failure_reason: 'lost_or_stolen_card',
  });
  charge.amount_refunded -= refund.amount;
  charge.refunded = false;
  account.emit('refund.updated', refund, { status: 'succeeded' });
  account.emit('refund.failed', refund);
  account.emit('charge.refund.updated', refund, { status: 'succeeded' });
  return refund;
}
