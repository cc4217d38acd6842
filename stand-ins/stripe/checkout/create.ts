import { type Account, newId } from '../model/account.js';
import { invalid } from '../model/errors.js';
import type { Params } from '../params/form.js';
import { mergedMetadata } from '../params/params.js';
import { checkTotal } from '../money/currencies.js';
import type { CheckoutSession } from '../model/wire.js';
import { newLine } from './lines.js';
import { readCheckoutRequest } from './request.js';

/** Answers `POST /v1/checkout/sessions`. @throws StripeError 400 as Stripe does */
export function createSession(account: Account, params: Params, origin: string): CheckoutSession {
  const request = readCheckoutRequest(account, params);
  const created = account.now();
  const id = newId('cs_test', 58);
  const lines = request.line_items.map((it, index) => newLine(account, it, request.mode, index));
  const currency = lines[0]!.currency;
  if (lines.some((it) => it.currency !== currency))
    throw invalid('The line items must all have the same currency.', 'line_items');
  const total = lines.reduce((sum, it) => sum + it.amount_total, 0);
  checkTotal(total, currency, 'line_items');

  const data = request.mode === 'payment' ? request.payment_intent_data : request.subscription_data;
  const intent = request.payment_intent_data;
  account.state.checkouts[id] = {
    lines,
    metadata: mergedMetadata({}, data?.metadata ?? {}),
    description: data?.description ?? null,
    receiptEmail: intent?.receipt_email ?? null,
    setupFutureUsage: intent?.setup_future_usage ?? null,
    statementSuffix: intent?.statement_descriptor_suffix ?? null,
  };
  const textOrNull = (it: '' | { message: string } | undefined) => it || null;
  return account.add('checkout.session', {
    id,
    object: 'checkout.session',
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: request.allow_promotion_codes ? false : null,
    allowed_payment_method_types: request.allowed_payment_method_types ?? null,
    amount_subtotal: total,
    amount_total: total,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: request.billing_address_collection ?? null,
    cancel_url: request.cancel_url ?? null,
    client_reference_id: request.client_reference_id ?? null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created,
    currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: textOrNull(request.custom_text?.after_submit),
      shipping_address: null,
      submit: textOrNull(request.custom_text?.submit),
      terms_of_service_acceptance: null,
    },
    customer: request.customer ?? null,
    customer_account: null,
    customer_creation: request.mode === 'payment' ? (request.customer_creation ?? 'if_required') : 'always',
    customer_details: null,
    customer_email: request.customer_email ?? null,
    discounts: [],
    ...(request.excluded_payment_method_types && {
      excluded_payment_method_types: request.excluded_payment_method_types,
    }),
    expires_at: request.expires_at ?? created + 86_400,
    integration_identifier: null,
    invoice: null,
    invoice_creation:
      request.mode === 'payment'
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
    locale: request.locale ?? null,
    managed_payments: null,
    metadata: mergedMetadata({}, request.metadata ?? {}),
    mode: request.mode,
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection:
      request.payment_method_collection ?? (request.mode === 'payment' ? 'if_required' : 'always'),
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
    submit_type: request.submit_type ?? null,
    subscription: null,
    success_url: request.success_url ?? null,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${origin}/c/pay/${id}`,
    wallet_options: null,
  });
}
