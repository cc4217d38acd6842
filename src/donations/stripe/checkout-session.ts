import type { Interval } from '../amounts/amounts.js';

/** What a hosted page is to ask for. Amounts come from our table, never from a price that is kept at Stripe. */
export interface CheckoutRequest {
  donationId: string;
  /** The n of the key `don:<id>:cs:<n>`. */
  attempt: number;
  amount: number;
  currency: string;
  interval: Interval;
  /** What the payer reads beside the amount. */
  product: string;
  successUrl: string;
  cancelUrl: string;
}

/**
 * Where the checkout's way back leads, which Stripe is told: a page without its query, since that may say who reads it
 * and whence they came. Where the query may be what tells the stories apart, it is the story's own address instead.
 * @param asked the page that the giver is on @param story the article's address, if it is about one
 */
export function cancelUrlOf(asked: string, story: string | undefined): string {
  const page = new URL(asked);
  if (!page.search) return asked;
  if (story !== undefined && new URL(story).origin === page.origin) return new URL(page.hash, story).href;
  page.search = '';
  return page.href;
}

/** Stripe forgets a key after a day; our row is what makes a gift one gift. */
export const checkoutKey = ({ donationId, attempt }: CheckoutRequest): string => `don:${donationId}:cs:${attempt}`;

/**
 * The parameters of POST /v1/checkout/sessions. `submit_type` is for single payments only; what a session in another
 * currency would cost is our table's matter, so Stripe's own conversion is off; metadata carries the id and nothing of
 * the reader. A subscription's charges have no metadata of their own: the id travels in `subscription_data`.
 */
export function checkoutParams(wish: CheckoutRequest) {
  const metadata = { donation_id: wish.donationId };
  const price = {
    currency: wish.currency,
    unit_amount: wish.amount,
    product_data: { name: wish.product },
  };
  const common = {
    ui_mode: 'hosted_page' as const,
    adaptive_pricing: { enabled: false },
    client_reference_id: wish.donationId,
    metadata,
    success_url: wish.successUrl,
    cancel_url: wish.cancelUrl,
  };
  if (wish.interval === 'once')
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
    line_items: [{ quantity: 1, price_data: { ...price, recurring: { interval: wish.interval } } }],
    subscription_data: { metadata },
  };
}
