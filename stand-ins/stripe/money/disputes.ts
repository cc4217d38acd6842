import { type Account, newId } from '../model/account.js';
import { invalid } from '../model/errors.js';
import type { Charge, Dispute } from '../model/wire.js';
import { book } from './balance.js';

/** Stripe's fee for a dispute, in minor units. */
const FEE = 1500;

/** Opens a dispute: the payer's bank takes the payment back while it inquires. */
export function dispute(account: Account, charge: Charge, reason: string, amount = charge.amount): Dispute {
  if (charge.status !== 'succeeded' || charge.disputed) throw invalid(`stand-in: ${charge.id} cannot be disputed now`);
  if (amount < 1 || amount > charge.amount) throw invalid(`Invalid integer: ${amount}`, 'amount');
  const id = newId('du', 24);
  const taken = book(account, {
    amount: -amount,
    currency: charge.currency,
    fee: FEE,
    type: 'adjustment',
    reporting_category: 'dispute',
    source: id,
    description: `Chargeback withdrawal for ${charge.id}`,
  });
  const made = account.add('dispute', {
    id,
    object: 'dispute',
    amount,
    balance_transactions: [taken],
    charge: charge.id,
    created: account.now(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: {
      access_activity_log: null,
      billing_address: null,
      cancellation_policy: null,
      cancellation_policy_disclosure: null,
      cancellation_rebuttal: null,
      customer_communication: null,
      customer_email_address: charge.billing_details.email,
      customer_name: charge.billing_details.name,
      customer_purchase_ip: null,
      customer_signature: null,
      duplicate_charge_documentation: null,
      duplicate_charge_explanation: null,
      duplicate_charge_id: null,
      enhanced_evidence: {},
      product_description: null,
      receipt: null,
      refund_policy: null,
      refund_policy_disclosure: null,
      refund_refusal_explanation: null,
      service_date: null,
      service_documentation: null,
      shipping_address: null,
      shipping_carrier: null,
      shipping_date: null,
      shipping_documentation: null,
      shipping_tracking_number: null,
      uncategorized_file: null,
      uncategorized_text: null,
    },
    evidence_details: {
      due_by: account.now() + 7 * 86_400,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason,
    status: 'needs_response',
  });
  charge.disputed = true;
  account.emit('charge.dispute.created', made);
  account.emit('charge.dispute.funds_withdrawn', made);
  return made;
}

/** Closes a dispute; a won one brings the money back without the fee. */
export function closeDispute(account: Account, dispute: Dispute, outcome: 'won' | 'lost'): Dispute {
  if (dispute.status !== 'needs_response' && dispute.status !== 'under_review')
    throw invalid(`stand-in: the dispute ${dispute.id} is ${dispute.status}`);
  const previous = { status: dispute.status };
  dispute.status = outcome;
  if (outcome === 'won') {
    dispute.balance_transactions.push(
      book(account, {
        amount: dispute.amount,
        currency: dispute.currency,
        type: 'adjustment',
        reporting_category: 'dispute_reversal',
        source: dispute.id,
        description: `Chargeback reversal for ${dispute.charge}`,
      }),
    );
    account.emit('charge.dispute.funds_reinstated', dispute);
  }
  account.emit('charge.dispute.closed', dispute, previous);
  return dispute;
}
