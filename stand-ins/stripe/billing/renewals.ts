import type { Account } from '../model/account.js';
import type { Invoice, LineItem, Subscription } from '../model/wire.js';
import { issueInvoice, payInvoice } from './invoices.js';
import { periodEnd } from './period.js';
import { newCustomer } from './customers.js';
import { cancel, change, newSubscription } from './subscriptions.js';

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

/** Subscribes a customer once more at the same price and with the same card, outside of any checkout. */
export function subscribeAgain(account: Account, subscription: Subscription, payer?: string): Subscription {
  const customer = payer === undefined ? subscription.customer : newCustomer(account, { email: payer }).id;
  const made = newSubscription(account, {
    customer,
    method: subscription.default_payment_method as string,
    lines: subscription.items.data.map(({ price, quantity }) => ({ price, quantity }) as LineItem),
    metadata: {},
    description: null,
  });
  payInvoice(account, issueInvoice(account, made, 'subscription_create'));
  return made;
}
