import { z } from 'zod';
import type { Account } from '../model/account.js';
import { deleteCustomer, newCustomer } from '../billing/customers.js';
import { newPortalSession } from '../billing/portal.js';
import { cancel, cancelAtPeriodEnd, change, changeAmount } from '../billing/subscriptions.js';
import { createSession } from '../checkout/create.js';
import { expire } from '../checkout/pay.js';
import { refund } from '../money/refunds.js';
import { API_VERSION, type Kind, type Kinds, type List, type StripeEvent } from '../model/wire.js';
import { invalid, missing } from '../model/errors.js';
import { expanded } from './expand.js';
import { cancelFields, customerFields, id, portalFields, refundFields, subscriptionFields } from '../params/fields.js';
import type { Params } from '../params/form.js';
import { listOf } from './lists.js';
import { flag, mergedMetadata, one, page, read, text } from '../params/params.js';

export interface Call {
  account: Account;
  /** The path's variable part. */
  id: string;
  path: string;
  params: Params;
  /** Where the hosted pages are. */
  origin: string;
}
type Handler = (call: Call) => object;

const retrieve =
  (kind: Kind): Handler =>
  (call) => {
    const { expand } = read(one, call.params);
    return expanded(call.account, call.account.get(kind, call.id), expand);
  };

/** A list whose filters each compare one field. */
function list<K extends Kind, S extends z.ZodRawShape>(
  kind: K,
  filters: S,
  matches: (it: Kinds[K], wanted: z.output<z.ZodObject<S>>, account: Account) => boolean,
): Handler {
  const schema = page.extend(filters);
  return (call) => {
    const wanted = read(schema, call.params);
    const found = listOf(call.account, kind, call.path, wanted as z.output<typeof page>, (it) =>
      matches(it, wanted as z.output<z.ZodObject<S>>, call.account),
    );
    const { expand: paths = [] } = wanted as z.output<typeof page>;
    return expanded(call.account, found, paths);
  };
}
/** No filter given, or it is equal. */
const same = (wanted: unknown, value: unknown) => wanted === undefined || wanted === value;

const ENDED = ['canceled', 'incomplete_expired'];
const DAYS_30 = 30 * 86_400;

/** Every route there is; any other is answered 404. `:id` is the one variable part. */
export const ROUTES: Record<string, Handler> = {
  'POST /v1/checkout/sessions': (call) => {
    const { expand: paths, ...params } = call.params;
    const made = createSession(call.account, params, call.origin);
    return expanded(call.account, made, read(one, paths === undefined ? {} : { expand: paths }).expand);
  },
  'GET /v1/checkout/sessions': list(
    'checkout.session',
    {
      customer: id,
      customer_details: z.strictObject({ email: text() }).optional(),
      payment_intent: id,
      subscription: id,
      status: z.enum(['open', 'complete', 'expired']).optional(),
    },
    (it, wanted) =>
      same(wanted.customer, it.customer) &&
      same(wanted.customer_details?.email, it.customer_details?.email) &&
      same(wanted.payment_intent, it.payment_intent) &&
      same(wanted.subscription, it.subscription) &&
      same(wanted.status, it.status),
  ),
  'GET /v1/checkout/sessions/:id': retrieve('checkout.session'),
  'POST /v1/checkout/sessions/:id/expire': (call) => {
    const { expand } = read(one, call.params);
    return expanded(call.account, expire(call.account, call.account.get('checkout.session', call.id)), expand);
  },
  'GET /v1/checkout/sessions/:id/line_items': (call) => {
    const wanted = read(page.omit({ created: true }), call.params);
    const lines = call.account.state.checkouts[call.account.get('checkout.session', call.id).id]?.lines ?? [];
    const after = wanted.starting_after ? lines.findIndex((it) => it.id === wanted.starting_after) + 1 : 0;
    if (wanted.ending_before !== undefined) throw invalid('stand-in: only starting_after here', 'ending_before');
    const data = lines.slice(after, after + (wanted.limit ?? 10));
    const has_more = after + data.length < lines.length;
    return expanded(call.account, { object: 'list', url: call.path, has_more, data }, wanted.expand);
  },

  'POST /v1/customers': (call) => {
    const { expand, ...wanted } = read(z.strictObject(customerFields), call.params);
    const told = { ...present(wanted), metadata: mergedMetadata({}, wanted.metadata ?? {}) };
    return expanded(call.account, newCustomer(call.account, told), expand);
  },
  'GET /v1/customers': list('customer', { email: text().optional() }, (it, wanted) => same(wanted.email, it.email)),
  'GET /v1/customers/:id': retrieve('customer'),
  'POST /v1/customers/:id': (call) => {
    const { expand, metadata, ...wanted } = read(z.strictObject(customerFields), call.params);
    const customer = call.account.get('customer', call.id);
    Object.assign(customer, present(wanted), { metadata: mergedMetadata(customer.metadata, metadata ?? {}) });
    call.account.emit('customer.updated', customer);
    return expanded(call.account, customer, expand);
  },

  'DELETE /v1/customers/:id': (call) => {
    read(z.strictObject({}), call.params);
    return deleteCustomer(call.account, call.account.get('customer', call.id));
  },

  'GET /v1/payment_intents': list('payment_intent', { customer: id }, (it, wanted) =>
    same(wanted.customer, it.customer),
  ),
  'GET /v1/payment_intents/:id': retrieve('payment_intent'),
  'GET /v1/charges': list(
    'charge',
    { customer: id, payment_intent: id },
    (it, wanted) => same(wanted.customer, it.customer) && same(wanted.payment_intent, it.payment_intent),
  ),
  'GET /v1/charges/:id': retrieve('charge'),
  'GET /v1/balance_transactions': list(
    'balance_transaction',
    { currency: text(3).optional(), source: id, type: text(50).optional() },
    (it, wanted) => same(wanted.currency, it.currency) && same(wanted.source, it.source) && same(wanted.type, it.type),
  ),
  'GET /v1/balance_transactions/:id': retrieve('balance_transaction'),

  'POST /v1/refunds': (call) => {
    const { expand, ...wanted } = read(refundFields, call.params);
    if (!wanted.payment_intent === !wanted.charge)
      throw invalid('One of the following params should be provided for this request: payment_intent or charge.');
    const intent = wanted.payment_intent && call.account.get('payment_intent', wanted.payment_intent, 'payment_intent');
    const latest = intent ? intent.latest_charge : wanted.charge;
    if (!latest)
      throw invalid(
        `This PaymentIntent (${wanted.payment_intent}) does not have a successful charge to refund.`,
        'payment_intent',
      );
    const made = refund(call.account, call.account.get('charge', latest, 'charge'), {
      ...wanted,
      metadata: mergedMetadata({}, wanted.metadata ?? {}),
    });
    return expanded(call.account, made, expand);
  },
  'GET /v1/refunds': list(
    'refund',
    { charge: id, payment_intent: id },
    (it, wanted) => same(wanted.charge, it.charge) && same(wanted.payment_intent, it.payment_intent),
  ),
  'GET /v1/refunds/:id': retrieve('refund'),
  'GET /v1/disputes': list(
    'dispute',
    { charge: id, payment_intent: id },
    (it, wanted) => same(wanted.charge, it.charge) && same(wanted.payment_intent, it.payment_intent),
  ),
  'GET /v1/disputes/:id': retrieve('dispute'),

  'GET /v1/subscriptions': list(
    'subscription',
    { customer: id, price: id, status: text(30).optional() },
    (it, wanted) =>
      same(wanted.customer, it.customer) &&
      (wanted.price === undefined || it.items.data.some((item) => item.price.id === wanted.price)) &&
      (wanted.status === undefined
        ? !ENDED.includes(it.status)
        : wanted.status === 'all' ||
          (wanted.status === 'ended' ? ENDED.includes(it.status) : wanted.status === it.status)),
  ),
  'GET /v1/subscriptions/:id': retrieve('subscription'),
  'POST /v1/subscriptions/:id': (call) => {
    const { expand, ...wanted } = read(subscriptionFields, call.params);
    const subscription = call.account.get('subscription', call.id);
    if (subscription.status === 'canceled')
      throw invalid('A canceled subscription can only update its cancellation_details and metadata.');
    if (wanted.items && wanted.proration_behavior !== 'none')
      throw invalid('stand-in: an amount is changed with proration_behavior=none only', 'proration_behavior');
    if (wanted.items) changeAmount(call.account, subscription, wanted.items[0]!);
    change(call.account, subscription, {
      ...(wanted.metadata && { metadata: mergedMetadata(subscription.metadata, wanted.metadata) }),
      ...(wanted.description !== undefined && { description: wanted.description || null }),
    });
    if (wanted.cancel_at_period_end !== undefined)
      cancelAtPeriodEnd(call.account, subscription, wanted.cancel_at_period_end);
    return expanded(call.account, subscription, expand);
  },
  'DELETE /v1/subscriptions/:id': (call) => {
    const { expand, cancellation_details: said } = read(cancelFields, call.params);
    const subscription = call.account.get('subscription', call.id);
    if (subscription.status === 'canceled') throw missing('subscription', call.id);
    cancel(call.account, subscription, 'cancellation_requested', present(said ?? {}));
    return expanded(call.account, subscription, expand);
  },

  'POST /v1/billing_portal/sessions': ({ account, params, origin }) => {
    const wanted = read(portalFields, params);
    const { id: customer } = account.get('customer', wanted.customer, 'customer');
    return expanded(account, newPortalSession(account, { customer, returnUrl: wanted.return_url ?? null, origin }));
  },

  'GET /v1/invoices': list(
    'invoice',
    { customer: id, subscription: id, status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']).optional() },
    (it, wanted) =>
      same(wanted.customer, it.customer) &&
      same(wanted.subscription, it.parent?.subscription_details?.subscription) &&
      same(wanted.status, it.status),
  ),
  'GET /v1/invoices/:id': retrieve('invoice'),
  'GET /v1/invoice_payments': list(
    'invoice_payment',
    {
      invoice: id,
      status: z.enum(['canceled', 'open', 'paid']).optional(),
      payment: z.strictObject({ type: z.literal('payment_intent'), payment_intent: text(255) }).optional(),
    },
    (it, wanted) =>
      same(wanted.invoice, it.invoice) &&
      same(wanted.status, it.status) &&
      same(wanted.payment?.payment_intent, it.payment.payment_intent),
  ),
  'GET /v1/invoice_payments/:id': retrieve('invoice_payment'),

  'GET /v1/events': inAccountVersion(
    list(
      'event',
      { type: text(100).optional(), types: z.array(text(100)).max(20).optional(), delivery_success: flag.optional() },
      (it, wanted, account) =>
        it.created > account.now() - DAYS_30 &&
        (wanted.type === undefined || named(it.type, wanted.type)) &&
        (wanted.types === undefined || wanted.types.includes(it.type)) &&
        (wanted.delivery_success === undefined || wanted.delivery_success === (it.pending_webhooks === 0)),
    ),
  ),
  'GET /v1/events/:id': retrieve('event'),
};

/** Of another version than ours nothing is known here but what the objects of all versions have. */
function inAccountVersion(handler: Handler): Handler {
  return (call) => {
    const found = handler(call) as List<StripeEvent>;
    const { version } = call.account;
    if (version === API_VERSION) return found;
    const old = ({ data: { object }, ...event }: StripeEvent) => ({
      ...event,
      api_version: version,
      data: { object: { id: object.id, object: object.object, livemode: false } },
    });
    return { ...found, data: found.data.map(old) };
  };
}

/** `charge.*` means every type below it. */
const named = (type: string, pattern: string) =>
  pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;

/** Without the fields that were not given. */
function present<T extends object>(given: T): { [K in keyof T]-?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, it]) => it !== undefined)) as {
    [K in keyof T]-?: Exclude<T[K], undefined>;
  };
}
