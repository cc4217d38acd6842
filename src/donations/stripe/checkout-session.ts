import type { Interval } from '../amounts/intervals.js';

/** The content of a hosted payment page. Amounts come from amounts.ts and never from a price that Stripe keeps. */
export interface CheckoutRequest {
  donationId: string;
  /** The n of the key `don:<id>:cs:<n>`. */
  attempt: number;
  amount: number;
  currency: string;
  interval: Interval;
  /** The text that the payer reads beside the amount. */
  product: string;
  successUrl: string;
  cancelUrl: string;
  /** The customer of the donor's earlier donations, so that Stripe's portal shows all of them. */
  customer: string | null;
}

/**
 * Chooses the page to which a payer who cancels returns. Stripe gets it without its query, because a query may identify
 * the reader. When a query might distinguish articles, the article's own address is used instead.
 * @param asked the page that the donor is on @param story the article's address, if the donation is about one
 */
export function cancelUrlOf(asked: string, story: string | undefined): string {
  const page = new URL(asked);
  if (!page.search) return asked;
  if (story !== undefined && new URL(story).origin === page.origin) return new URL(page.hash, story).href;
  page.search = '';
  return page.href;
}

/** The Idempotency-Key at Stripe. Stripe forgets it after a day; our row prevents duplicates for longer. */
export const checkoutKey = ({ donationId, attempt }: CheckoutRequest): string => `don:${donationId}:cs:${attempt}`;

/**
 * The parameters of POST /v1/checkout/sessions. `submit_type` is allowed for single payments only. Stripe's currency
 * conversion is off, because amounts.ts sets the amounts of each currency. Metadata carries the donation's id and
 * nothing about the reader. Charges of a subscription have no metadata of their own, so `subscription_data` carries the
 * id.
 */
export function checkoutParams(request: CheckoutRequest) {
  const metadata = { donation_id: request.donationId };
  const price = {
    currency: request.currency,
    unit_amount: request.amount,
    product_data: { name: request.product },
  };
  const common = {
    ui_mode: 'hosted_page' as const,
    adaptive_pricing: { enabled: false },
    client_reference_id: request.donationId,
    metadata,
    success_url: request.successUrl,
    cancel_url: request.cancelUrl,
    ...(request.customer === null ? {} : { customer: request.customer }),
  };
  if (request.interval === 'once')
    return {
      ...common,
      mode: 'payment' as const,
      submit_type: 'donate' as const,
      line_items: [{ quantity: 1, price_data: price }],
      payment_intent_data: { metadata },
    };
  return {
    ...common,
    mode: 'subscription' as const,
    line_items: [{ quantity: 1, price_data: { ...price, recurring: { interval: request.interval } } }],
    subscription_data: { metadata },
  };
}

/** Removes the secrets of the way back from a text of Stripe's before it is stored, because sessions name that address. */
export const withoutProofs = (json: string): string => json.replace(/#proof=[\w-]{20,}/g, '');
