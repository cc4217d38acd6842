import { z } from 'zod';
import type { Account } from '../model/account.js';
import { deleteCustomer, newCustomer } from '../billing/customers.js';
import { newPortalSession } from '../billing/portal.js';
import { cancel, cancelAtPeriodEnd, change, changeAmount } from '../billing/subscriptions.js';
import { createSession } from '../checkout/create.js';
import { expire } from '../checkout/pay.js';
import { refund } from '../money/refunds.js';
import { API_VERSION, type Kind, type Kinds, type List, type StripeEvent } from '../model/wire.js';
import { invalid, noSuchObject } from '../model/errors.js';
import { expanded } from './expand.js';
import {
  cancelFields,
  customerFields,
  id,
  metadataFields,
  portalFields,
  refundFields,
  subscriptionFields,
} from '../params/fields.js';
import type { Params } from '../params/form.js';
import { listOf } from './lists.js';
import { flag, mergedMetadata, retrieveParams, listParams, readParams, text } from '../params/params.js';

export interface Call {
  account: Account;
  /** The variable part of the path. */
  id: string;
  path: string;
  params: Params;
  /** The origin of the hosted pages. */
  origin: string;
}
type Handler = (call: Call) => object;

const retrieve =
  (kind: Kind): Handler =>
  (call) => {
    const { expand } = readParams(retrieveParams, call.params);
    return expanded(call.account, call.account.get(kind, call.id), expand);
  };

/** Makes the handler of a list. */
function list<K extends Kind, S extends z.ZodRawShape>(
  kind: K,
  filters: S,
  matches: (it: Kinds[K], given: z.output<z.ZodObject<S>>, account: Account) => boolean,
): Handler {
  const schema = listParams.extend(filters);
  return (call) => {
    const given = readParams(schema, call.params);
    const found = listOf(call.account, kind, call.path, given as z.output<typeof listParams>, (it) =>
      matches(it, given as z.output<z.ZodObject<S>>, call.account),
    );
    const { expand: paths = [] } = given as z.output<typeof listParams>;
    return expanded(call.account, found, paths);
  };
}
/** Updates the metadata, which is all that the stand-in lets anybody change of these objects (docs.stripe.com/api/metadata). */
const updateMetadata =
  (kind: 'checkout.session' | 'payment_intent' | 'charge' | 'refund' | 'dispute' | 'invoice'): Handler =>
  (call) => {
    const { expand, metadata } = readParams(metadataFields, call.params);
    const object = call.account.get(kind, call.id);
    object.metadata = mergedMetadata(object.metadata ?? {}, metadata ?? {});
    return expanded(call.account, object, expand);
  };

/** Tells whether a filter is absent or equal to the value. */
const same = (given: unknown, value: unknown) => given === undefined || given === value;

const ENDED = ['canceled', 'incomplete_expired'];
const DAYS_30 = 30 * 86_400;

/** All routes; any other answers 404. `:id` is the one variable part. */
export const ROUTES: Record<string, Handler> = {
  'POST /v1/checkout/sessions': (call) => {
    const { expand: paths, ...params } = call.params;
    const made = createSession(call.account, params, call.origin);
    return expanded(
      call.account,
      made,
      readParams(retrieveParams, paths === undefined ? {} : { expand: paths }).expand,
    );
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
    (it, given) =>
      same(given.customer, it.customer) &&
      same(given.customer_details?.email, it.customer_details?.email) &&
      same(given.payment_intent, it.payment_intent) &&
      same(given.subscription, it.subscription) &&
      same(given.status, it.status),
  ),
  'GET /v1/checkout/sessions/:id': retrieve('checkout.session'),
  'POST /v1/checkout/sessions/:id': updateMetadata('checkout.session'),
  'POST /v1/checkout/sessions/:id/expire': (call) => {
    const { expand } = readParams(retrieveParams, call.params);
    return expanded(call.account, expire(call.account, call.account.get('checkout.session', call.id)), expand);
  },
  'GET /v1/checkout/sessions/:id/line_items': (call) => {
    const given = readParams(listParams.omit({ created: true }), call.params);
    const lines = call.account.state.checkouts[call.account.get('checkout.session', call.id).id]?.lines ?? [];
    const after = given.starting_after ? lines.findIndex((it) => it.id === given.starting_after) + 1 : 0;
    if (given.ending_before !== undefined) throw invalid('stand-in: only starting_after here', 'ending_before');
    const data = lines.slice(after, after + (given.limit ?? 10));
    const has_more = after + data.length < lines.length;
    return expanded(call.account, { object: 'list', url: call.path, has_more, data }, given.expand);
  },

  'POST /v1/customers': (call) => {
    const { expand, ...given } = readParams(z.strictObject(customerFields), call.params);
    const fields = { ...present(given), metadata: mergedMetadata({}, given.metadata ?? {}) };
    return expanded(call.account, newCustomer(call.account, fields), expand);
  },
  'GET /v1/customers': list('customer', { email: text().optional() }, (it, given) => same(given.email, it.email)),
  'GET /v1/customers/:id': retrieve('customer'),
  'POST /v1/customers/:id': (call) => {
    const { expand, metadata, ...given } = readParams(z.strictObject(customerFields), call.params);
    const customer = call.account.get('customer', call.id);
    Object.assign(customer, present(given), { metadata: mergedMetadata(customer.metadata, metadata ?? {}) });
    call.account.emit('customer.updated', customer);
    return expanded(call.account, customer, expand);
  },

  'DELETE /v1/customers/:id': (call) => {
    readParams(z.strictObject({}), call.params);
    return deleteCustomer(call.account, call.account.get('customer', call.id));
  },

  'GET /v1/payment_intents': list('payment_intent', { customer: id }, (it, given) => same(given.customer, it.customer)),
  'GET /v1/payment_intents/:id': retrieve('payment_intent'),
  'POST /v1/payment_intents/:id': updateMetadata('payment_intent'),
  'GET /v1/charges': list(
    'charge',
    { customer: id, payment_intent: id },
    (it, given) => same(given.customer, it.customer) && same(given.payment_intent, it.payment_intent),
  ),
  'GET /v1/charges/:id': retrieve('charge'),
  'POST /v1/charges/:id': updateMetadata('charge'),
  'GET /v1/balance_transactions': list(
    'balance_transaction',
    { currency: text(3).optional(), source: id, type: text(50).optional() },
    (it, given) => same(given.currency, it.currency) && same(given.source, it.source) && same(given.type, it.type),
  ),
  'GET /v1/balance_transactions/:id': retrieve('balance_transaction'),

  'POST /v1/refunds': (call) => {
    const { expand, ...given } = readParams(refundFields, call.params);
    if (!given.payment_intent === !given.charge)
      throw invalid('One of the following params should be provided for this request: payment_intent or charge.');
    const intent = given.payment_intent && call.account.get('payment_intent', given.payment_intent, 'payment_intent');
    const latest = intent ? intent.latest_charge : given.charge;
    if (!latest)
      throw invalid(
        `This PaymentIntent (${given.payment_intent}) does not have a successful charge to refund.`,
        'payment_intent',
      );
    const made = refund(call.account, call.account.get('charge', latest, 'charge'), {
      ...given,
      metadata: mergedMetadata({}, given.metadata ?? {}),
    });
    return expanded(call.account, made, expand);
  },
  'GET /v1/refunds': list(
    'refund',
    { charge: id, payment_intent: id },
    (it, given) => same(given.charge, it.charge) && same(given.payment_intent, it.payment_intent),
  ),
  'GET /v1/refunds/:id': retrieve('refund'),
  'POST /v1/refunds/:id': updateMetadata('refund'),
  'GET /v1/disputes': list(
    'dispute',
    { charge: id, payment_intent: id },
    (it, given) => same(given.charge, it.charge) && same(given.payment_intent, it.payment_intent),
  ),
  'GET /v1/disputes/:id': retrieve('dispute'),
  'POST /v1/disputes/:id': updateMetadata('dispute'),

  'GET /v1/subscriptions': list(
    'subscription',
    { customer: id, price: id, status: text(30).optional() },
    (it, given) =>
      same(given.customer, it.customer) &&
      (given.price === undefined || it.items.data.some((item) => item.price.id === given.price)) &&
      (given.status === undefined
        ? !ENDED.includes(it.status)
        : given.status === 'all' ||
          (given.status === 'ended' ? ENDED.includes(it.status) : given.status === it.status)),
  ),
  'GET /v1/subscriptions/:id': retrieve('subscription'),
  'POST /v1/subscriptions/:id': (call) => {
    const { expand, ...given } = readParams(subscriptionFields, call.params);
    const subscription = call.account.get('subscription', call.id);
    if (subscription.status === 'canceled')
      throw invalid('A canceled subscription can only update its cancellation_details and metadata.');
    if (given.items && given.proration_behavior !== 'none')
      throw invalid('stand-in: an amount is changed with proration_behavior=none only', 'proration_behavior');
    if (given.items) changeAmount(call.account, subscription, given.items[0]!);
    change(call.account, subscription, {
      ...(given.metadata && { metadata: mergedMetadata(subscription.metadata, given.metadata) }),
      ...(given.description !== undefined && { description: given.description || null }),
    });
    if (given.cancel_at_period_end !== undefined)
      cancelAtPeriodEnd(call.account, subscription, given.cancel_at_period_end);
    return expanded(call.account, subscription, expand);
  },
  'DELETE /v1/subscriptions/:id': (call) => {
    const { expand, cancellation_details: details } = readParams(cancelFields, call.params);
    const subscription = call.account.get('subscription', call.id);
    if (subscription.status === 'canceled') throw noSuchObject('subscription', call.id);
    cancel(call.account, subscription, 'cancellation_requested', present(details ?? {}));
    return expanded(call.account, subscription, expand);
  },

  'POST /v1/billing_portal/sessions': ({ account, params, origin }) => {
    const given = readParams(portalFields, params);
    const { id: customer } = account.get('customer', given.customer, 'customer');
    return expanded(account, newPortalSession(account, { customer, returnUrl: given.return_url ?? null, origin }));
  },

  'GET /v1/invoices': list(
    'invoice',
    { customer: id, subscription: id, status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']).optional() },
    (it, given) =>
      same(given.customer, it.customer) &&
      same(given.subscription, it.parent?.subscription_details?.subscription) &&
      same(given.status, it.status),
  ),
  'GET /v1/invoices/:id': retrieve('invoice'),
  'POST /v1/invoices/:id': updateMetadata('invoice'),
  'GET /v1/invoice_payments': list(
    'invoice_payment',
    {
      invoice: id,
      status: z.enum(['canceled', 'open', 'paid']).optional(),
      payment: z.strictObject({ type: z.literal('payment_intent'), payment_intent: text(255) }).optional(),
    },
    (it, given) =>
      same(given.invoice, it.invoice) &&
      same(given.status, it.status) &&
      same(given.payment?.payment_intent, it.payment.payment_intent),
  ),
  'GET /v1/invoice_payments/:id': retrieve('invoice_payment'),

  'GET /v1/events': inAccountVersion(
    list(
      'event',
      { type: text(100).optional(), types: z.array(text(100)).max(20).optional(), delivery_success: flag.optional() },
      (it, given, account) =>
        it.created > account.now() - DAYS_30 &&
        (given.type === undefined || named(it.type, given.type)) &&
        (given.types === undefined || given.types.includes(it.type)) &&
        (given.delivery_success === undefined || given.delivery_success === (it.pending_webhooks === 0)),
    ),
  ),
  'GET /v1/events/:id': retrieve('event'),
};

/** Reduces events of another API version to the fields that the objects of all versions have. */
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

/** Tells whether a type matches a pattern; `charge.*` means every type below it. */
const named = (type: string, pattern: string) =>
  pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;

/** Returns an object without its undefined fields. */
function present<T extends object>(given: T): { [K in keyof T]-?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, it]) => it !== undefined)) as {
    [K in keyof T]-?: Exclude<T[K], undefined>;
  };
}
