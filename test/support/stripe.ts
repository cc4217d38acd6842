import { createHmac } from 'node:crypto';
import { startStripe, type StripeStandIn } from '../../stand-ins/stripe/stripe.js';

export const WEBHOOK_SECRET = 'whsec_firstofthetests';

/** Starts a stand-in of Stripe. @returns it and the app's settings for it; its webhooks wait for `setWebhook` */
export async function stripeFor(): Promise<{ stripe: StripeStandIn; env: Record<string, string> }> {
  const stripe = await startStripe({ port: 0, webhookSecret: WEBHOOK_SECRET, firstRetry: 50 });
  const env = {
    STRIPE_SECRET_KEY: 'sk_test_ofthetests',
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_STAND_IN_URL: stripe.url,
  };
  return { stripe, env };
}

/** Makes the Stripe-Signature of a body without the SDK (docs.stripe.com/webhooks#verify-manually). */
export function signature(body: string, secret = WEBHOOK_SECRET, at = Date.now()): string {
  const t = Math.floor(at / 1000);
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
}

let events = 0;

/** Makes the JSON of an event as Stripe sends it. */
export function stripeEvent(type: string, object: object, over: Record<string, unknown> = {}): string {
  return JSON.stringify({
    id: `evt_${(events += 1)}${Math.random().toString(36).slice(2)}`,
    object: 'event',
    api_version: '2026-10-28.endive',
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
    data: { object },
    ...over,
  });
}

/** Sends a body to the app's webhook. */
export function postWebhook(
  app: { url: string },
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
): Promise<Response> {
  return fetch(`${app.url}/api/v1/webhooks/stripe`, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body,
  });
}
