import { z } from 'zod';
import type { Account } from '../model/account.js';
import { invalid } from '../model/errors.js';
import type { Params } from '../params/form.js';
import { address, email, expand, integer, metadata, readParams, text } from '../params/params.js';

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
  // These are here only to be refused in Stripe's own words.
  payment_method_types: z.unknown().optional(),
  return_url: z.unknown().optional(),
  expand,
});
export type CheckoutRequest = z.infer<typeof schema>;
export type LineRequest = z.infer<typeof line>;

/**
 * Reads the parameters of a new session.
 * @throws StripeError 400 by Stripe's rules for single parameters and for those that exclude or need each other
 */
export function readCheckoutRequest(account: Account, params: Params): CheckoutRequest {
  const request = readParams(schema, params);
  const refuse = (message: string, param: string, code?: string) => {
    throw invalid(message, param, code);
  };
  if (request.payment_method_types !== undefined)
    refuse(
      'payment_method_types can no longer be sent; use allowed_payment_method_types or excluded_payment_method_types.',
      'payment_method_types',
      'payment_method_types_no_longer_supported',
    );
  if (request.ui_mode !== 'hosted_page') refuse('stand-in: only ui_mode hosted_page is implemented', 'ui_mode');
  if (request.return_url !== undefined) refuse('return_url is not used with ui_mode hosted_page.', 'return_url');
  if (!request.success_url) refuse('Missing required param: success_url.', 'success_url', 'parameter_missing');
  if (request.customer && request.customer_email)
    refuse(
      'You may only specify one of these parameters: customer, customer_email.',
      'customer',
      'parameters_exclusive',
    );
  if (request.customer) account.get('customer', request.customer, 'customer');
  if (request.mode === 'subscription')
    for (const name of ['payment_intent_data', 'customer_creation', 'submit_type', 'invoice_creation'] as const)
      if (request[name] !== undefined) refuse(`You can not pass \`${name}\` in \`subscription\` mode.`, name);
  if (request.mode === 'payment')
    for (const name of ['subscription_data', 'payment_method_collection'] as const)
      if (request[name] !== undefined) refuse(`You can not pass \`${name}\` in \`payment\` mode.`, name);
  const now = account.now();
  const expiry = request.expires_at ?? now + 3600;
  // A minute less than half an hour: a clock that is a little behind is no error.
  if (expiry < now + 1800 - 60)
    refuse('The `expires_at` timestamp must be at least 30 minutes in the future.', 'expires_at');
  if (expiry > now + 86_400 + 60)
    refuse('The `expires_at` timestamp must be less than 24 hours in the future.', 'expires_at');
  return request;
}
