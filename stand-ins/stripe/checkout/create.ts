import { type Account, newId } from '../model/account.js';
import { invalid } from '../model/errors.js';
import type { Params } from '../params/form.js';
import { mergedMetadata } from '../params/params.js';
import { checkTotal } from '../money/currencies.js';
import type { CheckoutSession } from '../model/wire.js';
import { newLine } from './lines.js';
import { readWanted } from './request.js';

/** `POST /v1/checkout/sessions` */
export function createSession(account: Account, params: Params, origin: string): CheckoutSession {
  const wanted = readWanted(account, params);
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
  const said = (it: '' | { message: string } | undefined) => it || null;
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
