import { z } from 'zod';
import { type Account, newId } from '../account.js';
import { invalid } from '../api/errors.js';
import type { Params } from '../api/form.js';
import { address, email, expand, integer, metadata, mergedMetadata, read, text } from '../api/params.js';
import { checkTotal, checkUnit, currencyOf } from '../money/currencies.js';
import type { LineItem, Session } from '../wire.js';

const recurring = z.strictObject({
  interval: z.enum(['day', 'week', 'month', 'year']),
  interval_count: integer.refine((it) => it >= 1 && it <= 1095, 'Invalid interval_count').optional(),
});
const line = z.strictObject({
  quantity: integer.refine((it) => it >= 1, 'Quantity must be at least 1.'),
  price: text(200).optional(),
  price_data: z
    .strictObject({
      currency: text(10),
      unit_amount: integer,
      product_data: z.strictObject({
        name: text(250).min(1),
        description: text(1000).optional(),
        images: z.array(address).max(8).optional(),
        metadata: metadata.optional(),
      }),
      recurring: recurring.optional(),
      tax_behavior: z.enum(['exclusive', 'inclusive', 'unspecified']).optional(),
    })
    .optional(),
});
const off = z.strictObject({ enabled: z.literal('false', { message: 'the stand-in only knows enabled: false' }) });
const types = z.array(text(50)).max(100);
const message = z.union([z.literal(''), z.strictObject({ message: text(1200) })]);

const schema = z.strictObject({
  mode: z.enum(['payment', 'subscription']),
  ui_mode: z.enum(['hosted_page', 'embedded_page', 'elements', 'form']).default('hosted_page'),
  line_items: z.array(line).min(1).max(100),
  success_url: address.optional(),
  cancel_url: address.optional(),
  client_reference_id: text(200).optional(),
  customer: text(255).optional(),
  customer_email: email.optional(),
  customer_creation: z.enum(['always', 'if_required']).optional(),
  expires_at: integer.optional(),
  locale: text(10).optional(),
  submit_type: z.enum(['auto', 'book', 'donate', 'pay', 'subscribe']).optional(),
  metadata: metadata.optional(),
  payment_intent_data: z
    .strictObject({
      metadata: metadata.optional(),
      description: text(1000).optional(),
      receipt_email: email.optional(),
      setup_future_usage: z.enum(['off_session', 'on_session']).optional(),
      statement_descriptor_suffix: text(22).optional(),
    })
    .optional(),
  subscription_data: z.strictObject({ metadata: metadata.optional(), description: text(500).optional() }).optional(),
  payment_method_collection: z.enum(['always', 'if_required']).optional(),
  allowed_payment_method_types: types.optional(),
  excluded_payment_method_types: types.optional(),
  adaptive_pricing: off.optional(),
  automatic_tax: off.optional(),
  allow_promotion_codes: z.literal('false', { message: 'the stand-in has no promotion codes' }).optional(),
  invoice_creation: off.optional(),
  phone_number_collection: off.optional(),
  billing_address_collection: z.literal('auto', { message: 'the stand-in asks for no address' }).optional(),
  custom_text: z.strictObject({ submit: message.optional(), after_submit: message.optional() }).optional(),
  // Named only to be refused in Stripe's own words.
  payment_method_types: z.unknown().optional(),
  return_url: z.unknown().optional(),
  expand,
});
type Wanted = z.infer<typeof schema>;

/** `POST /v1/checkout/sessions` */
export function createSession(account: Account, params: Params, origin: string): Session {
  const wanted = checked(account, read(schema, params));
  const created = account.now();
  const id = newId('cs_test', 58);
  const lines = wanted.line_items.map((it, index) => newLine(account, it, wanted.mode, index));
  const currency = lines[0]!.currency;
  if (lines.some((it) => it.currency !== currency))
    throw invalid('The line items must all have the same currency.', 'line_items');
  const total = lines.reduce((sum, it) => sum + it.amount_total, 0);
  checkTotal(total, currency, 'line_items');

  const data = wanted.mode === 'payment' ? wanted.payment_intent_data : wanted.subscription_data;
  const intent = wanted.payment_intent_data;
  account.state.checkouts[id] = {
    lines,
    metadata: mergedMetadata({}, data?.metadata ?? {}),
    description: data?.description ?? null,
    receiptEmail: intent?.receipt_email ?? null,
    setupFutureUsage: intent?.setup_future_usage ?? null,
    statementSuffix: intent?.statement_descriptor_suffix ?? null,
  };
  const said = (it: z.infer<typeof message> | undefined) => it || null;
  return account.add('checkout.session', {
    id,
    object: 'checkout.session',
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: wanted.allow_promotion_codes ? false : null,
    allowed_payment_method_types: wanted.allowed_payment_method_types ?? null,
    amount_subtotal: total,
    amount_total: total,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: wanted.billing_address_collection ?? null,
    cancel_url: wanted.cancel_url ?? null,
    client_reference_id: wanted.client_reference_id ?? null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created,
    currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: said(wanted.custom_text?.after_submit),
      shipping_address: null,
      submit: said(wanted.custom_text?.submit),
      terms_of_service_acceptance: null,
    },
    customer: wanted.customer ?? null,
    customer_account: null,
    customer_creation: wanted.mode === 'payment' ? (wanted.customer_creation ?? 'if_required') : 'always',
    customer_details: null,
    customer_email: wanted.customer_email ?? null,
    discounts: [],
    ...(wanted.excluded_payment_method_types && {
      excluded_payment_method_types: wanted.excluded_payment_method_types,
    }),
    expires_at: wanted.expires_at ?? created + 86_400,
    integration_identifier: null,
    invoice: null,
    invoice_creation:
      wanted.mode === 'payment'
        ? {
            enabled: false,
            invoice_data: {
              account_tax_ids: null,
              custom_fields: null,
              description: null,
              footer: null,
              issuer: null,
              metadata: {},
              rendering_options: null,
            },
          }
        : null,
    livemode: false,
    locale: wanted.locale ?? null,
    managed_payments: null,
    metadata: mergedMetadata({}, wanted.metadata ?? {}),
    mode: wanted.mode,
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection:
      wanted.payment_method_collection ?? (wanted.mode === 'payment' ? 'if_required' : 'always'),
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card', 'us_bank_account'],
    payment_status: 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: wanted.submit_type ?? null,
    subscription: null,
    success_url: wanted.success_url ?? null,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${origin}/c/pay/${id}`,
    wallet_options: null,
  });
}

function checked(account: Account, wanted: Wanted): Wanted {
  const refuse = (message: string, param: string, code?: string) => {
    throw invalid(message, param, code);
  };
  if (wanted.payment_method_types !== undefined)
    refuse(
      'payment_method_types can no longer be sent; use allowed_payment_method_types or excluded_payment_method_types.',
      'payment_method_types',
      'payment_method_types_no_longer_supported',
    );
  if (wanted.ui_mode !== 'hosted_page') refuse('stand-in: only ui_mode hosted_page is implemented', 'ui_mode');
  if (wanted.return_url !== undefined) refuse('return_url is not used with ui_mode hosted_page.', 'return_url');
  if (!wanted.success_url) refuse('Missing required param: success_url.', 'success_url', 'parameter_missing');
  if (wanted.customer && wanted.customer_email)
    refuse(
      'You may only specify one of these parameters: customer, customer_email.',
      'customer',
      'parameters_exclusive',
    );
  if (wanted.customer && !account.find('customer', wanted.customer))
    account.get('customer', wanted.customer, 'customer');
  if (wanted.mode === 'subscription')
    for (const name of ['payment_intent_data', 'customer_creation', 'submit_type', 'invoice_creation'] as const)
      if (wanted[name] !== undefined) refuse(`You can not pass \`${name}\` in \`subscription\` mode.`, name);
  if (wanted.mode === 'payment')
    for (const name of ['subscription_data', 'payment_method_collection'] as const)
      if (wanted[name] !== undefined) refuse(`You can not pass \`${name}\` in \`payment\` mode.`, name);
  const now = account.now();
  const expiry = wanted.expires_at ?? now + 3600;
  // Half an hour less a little, so that a clock that is a second behind is no error.
  if (expiry < now + 1800 - 60)
    refuse('The `expires_at` timestamp must be at least 30 minutes in the future.', 'expires_at');
  if (expiry > now + 86_400 + 60)
    refuse('The `expires_at` timestamp must be less than 24 hours in the future.', 'expires_at');
  return wanted;
}

function newLine(account: Account, wanted: z.infer<typeof line>, mode: Wanted['mode'], index: number): LineItem {
  const at = `line_items[${index}]`;
  if (wanted.price !== undefined)
    throw account.get('price', wanted.price, `${at}[price]`) && invalid('stand-in: only price_data', at);
  const data = wanted.price_data;
  if (!data) throw invalid(`Missing required param: ${at}[price_data].`, `${at}[price_data]`, 'parameter_missing');
  if (mode === 'payment' && data.recurring)
    throw invalid(
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
      at,
    );
  if (mode === 'subscription' && !data.recurring)
    throw invalid('You must provide at least one recurring price in `subscription` mode when using prices.', at);
  const currency = currencyOf(data.currency, `${at}[price_data][currency]`);
  checkUnit(data.unit_amount, currency, `${at}[price_data][unit_amount]`);
  const created = account.now();
  const product = account.add('product', {
    id: newId('prod', 14),
    object: 'product',
    active: false,
    created,
    default_price: null,
    description: data.product_data.description ?? null,
    images: data.product_data.images ?? [],
    livemode: false,
    marketing_features: [],
    metadata: mergedMetadata({}, data.product_data.metadata ?? {}),
    name: data.product_data.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: null,
    updated: created,
    url: null,
  });
  const price = account.add('price', {
    id: newId('price'),
    object: 'price',
    active: false,
    billing_scheme: 'per_unit',
    created,
    currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product: product.id,
    recurring: data.recurring
      ? {
          interval: data.recurring.interval,
          interval_count: data.recurring.interval_count ?? 1,
          meter: null,
          trial_period_days: null,
          usage_type: 'licensed',
        }
      : null,
    tax_behavior: data.tax_behavior ?? 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: data.recurring ? 'recurring' : 'one_time',
    unit_amount: data.unit_amount,
    unit_amount_decimal: String(data.unit_amount),
  });
  const total = data.unit_amount * wanted.quantity;
  return {
    id: newId('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: total,
    amount_tax: 0,
    amount_total: total,
    currency,
    description: product.name,
    metadata: {},
    price,
    quantity: wanted.quantity,
  };
}
