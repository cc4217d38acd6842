import { type Account, newId } from '../model/account.js';
import type { LineItem, Price, Subscription } from '../model/wire.js';
import { invalid } from '../model/errors.js';
import { checkUnit, currencyOf } from '../money/currencies.js';
import { periodEnd } from './period.js';

interface SubscriptionRequest {
  customer: string;
  method: string;
  lines: LineItem[];
  metadata: Record<string, string>;
  description: string | null;
}

/** Makes a subscription, which is `incomplete` until its first invoice is paid or its debit runs. */
export function newSubscription(account: Account, request: SubscriptionRequest): Subscription {
  const created = account.now();
  const id = newId('sub', 24);
  const price = request.lines[0]!.price!;
  const subscription = account.add('subscription', {
    id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: created,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: 'charge_automatically',
    created,
    currency: price.currency,
    customer: request.customer,
    customer_account: null,
    days_until_due: null,
    default_payment_method: request.method,
    default_source: null,
    default_tax_rates: [],
    description: request.description,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    items: {
      object: 'list',
      data: request.lines.map((it) => ({
        id: newId('si', 14),
        object: 'subscription_item' as const,
        billing_thresholds: null,
        created,
        current_period_end: periodEnd(created, it.price!.recurring!, created),
        current_period_start: created,
        current_trial: null,
        discounts: [],
        metadata: {},
        plan: planOf(it.price!),
        price: it.price!,
        quantity: it.quantity ?? 1,
        subscription: id,
        tax_rates: [],
      })),
      has_more: false,
      url: `/v1/subscription_items?subscription=${id}`,
    },
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    metadata: request.metadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: 'off',
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: created,
    status: 'incomplete',
    test_clock: null,
    transfer_data: null,
    trial_end: null,
    trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'create_invoice' } },
    trial_start: null,
  });
  account.emit('customer.subscription.created', subscription);
  return subscription;
}

/** Changes fields and writes the event with their old values. */
export function change(account: Account, subscription: Subscription, to: Partial<Subscription>): void {
  const old = Object.fromEntries(Object.keys(to).map((it) => [it, subscription[it as keyof Subscription]]));
  if (JSON.stringify(old) === JSON.stringify(to)) return;
  const previous = structuredClone(old);
  Object.assign(subscription, to);
  account.emit('customer.subscription.updated', subscription, previous);
}

interface NewAmount {
  id: string;
  price_data: { currency: string; product: string; recurring: { interval: 'month' | 'year' }; unit_amount: number };
}

/** Changes the amount from the next period on, without proration. @throws StripeError 400 or 404, as Stripe does */
export function changeAmount(account: Account, subscription: Subscription, { id, price_data: data }: NewAmount): void {
  const item = subscription.items.data.find((it) => it.id === id);
  if (!item) throw invalid(`No such subscription item: ${id}`, 'items[0][id]', 'resource_missing');
  const at = 'items[0][price_data]';
  if (data.currency !== subscription.currency)
    throw invalid('The price specified only supports the currency of the subscription.', `${at}[currency]`);
  if (data.recurring.interval !== item.price.recurring!.interval)
    throw invalid('stand-in: the interval stays as it is', `${at}[recurring][interval]`);
  checkUnit(data.unit_amount, currencyOf(data.currency, `${at}[currency]`), `${at}[unit_amount]`);
  const price = account.add('price', {
    ...structuredClone(item.price),
    id: newId('price'),
    created: account.now(),
    product: account.get('product', data.product, `${at}[product]`).id,
    unit_amount: data.unit_amount,
    unit_amount_decimal: String(data.unit_amount),
  });
  const items = subscription.items.data.map((it) => (it === item ? { ...it, price, plan: planOf(price) } : it));
  change(account, subscription, { items: { ...subscription.items, data: items } });
}

/** Changes the amount of the first item as staff do in Stripe's Dashboard. */
export function reprice(account: Account, subscription: Subscription, amount: number): void {
  const { id, price } = subscription.items.data[0]!;
  changeAmount(account, subscription, {
    id,
    price_data: {
      currency: subscription.currency,
      product: price.product,
      recurring: { interval: price.recurring!.interval as 'month' | 'year' },
      unit_amount: amount,
    },
  });
}

/** Lets a subscription end with its period, or takes that back. */
export function cancelAtPeriodEnd(account: Account, subscription: Subscription, end: boolean): void {
  if (end === subscription.cancel_at_period_end) return;
  change(account, subscription, {
    cancel_at_period_end: end,
    cancel_at: end ? subscription.items.data[0]!.current_period_end : null,
    canceled_at: end ? account.now() : null,
  });
}

/** Ends a subscription at once. */
export function cancel(
  account: Account,
  subscription: Subscription,
  reason: 'cancellation_requested' | 'payment_failed',
  details: { comment?: string; feedback?: string } = {},
): void {
  const now = account.now();
  subscription.cancellation_details = {
    comment: details.comment ?? null,
    feedback: details.feedback ?? null,
    feedback_option: null,
    reason,
  };
  Object.assign(subscription, { status: 'canceled', canceled_at: subscription.canceled_at ?? now, ended_at: now });
  account.emit('customer.subscription.deleted', subscription);
}

function planOf(price: Price): Subscription['items']['data'][number]['plan'] {
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: 'per_unit',
    created: price.created,
    currency: price.currency,
    interval: price.recurring!.interval,
    interval_count: price.recurring!.interval_count,
    livemode: false,
    metadata: {},
    meter: null,
    nickname: null,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: 'licensed',
  };
}
