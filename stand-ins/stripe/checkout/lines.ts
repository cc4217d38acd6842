import { type Account, newId } from '../model/account.js';
import { invalid } from '../model/errors.js';
import { mergedMetadata } from '../params/params.js';
import { checkUnit, currencyOf } from '../money/currencies.js';
import type { LineItem } from '../model/wire.js';
import type { CheckoutRequest, LineRequest } from './request.js';

/** Makes a line item with its product and price. @throws StripeError 400 for an amount that cannot be charged */
export function newLine(
  account: Account,
  request: LineRequest,
  mode: CheckoutRequest['mode'],
  index: number,
): LineItem {
  const at = `line_items[${index}]`;
  if (request.price !== undefined) throw invalid('stand-in: only price_data, no saved prices', `${at}[price]`);
  const data = request.price_data;
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
  const total = data.unit_amount * request.quantity;
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
    quantity: request.quantity,
  };
}
