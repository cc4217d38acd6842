import type { Account } from '../model/account.js';
import type { Invoice, Subscription } from '../model/wire.js';
import { issueInvoice, payInvoice } from './invoices.js';
import { periodEnd } from './period.js';
import { cancel, change } from './subscriptions.js';

/** Ends the period: the next one begins with an invoice, or the subscription ends. */
export function renew(account: Account, subscription: Subscription): Invoice | undefined {
  if (subscription.status === 'canceled' || subscription.status === 'incomplete') return undefined;
  if (subscription.cancel_at_period_end) {
    cancel(account, subscription, 'cancellation_requested');
    return undefined;
  }
  const items = subscription.items.data.map((it) => ({
    ...it,
    current_period_start: it.current_period_end,
    current_period_end: periodEnd(it.current_period_end, it.price.recurring!, subscription.billing_cycle_anchor),
  }));
  change(account, subscription, { items: { ...subscription.items, data: items } });
  const invoice = issueInvoice(account, subscription, 'subscription_cycle');
  payInvoice(account, invoice);
  return invoice;
}
