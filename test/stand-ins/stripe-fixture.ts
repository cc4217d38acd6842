import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { startStripe, type StripeOptions, type StripeStandIn } from '../../stand-ins/stripe/stripe.js';
import { until } from '../support/until.js';

/** A client of the stand-in: the unmodified SDK, and an endpoint that accepts signed events only. */
export class StripeFixture {
  /** The events that arrived with a valid signature, in order of arrival. */
  readonly received: Stripe.Event[] = [];
  /** The reasons for which requests were refused. */
  readonly refused: string[] = [];
  /** The endpoint's next answers; 200 when none is left. */
  readonly answers: number[] = [];

  private constructor(
    readonly standIn: StripeStandIn,
    readonly stripe: Stripe,
    readonly endpoint: string,
    private readonly stopEndpoint: () => Promise<void>,
  ) {}

  static async open(options: Partial<StripeOptions> = {}): Promise<StripeFixture> {
    const standIn = await startStripe({ port: 0, firstRetry: 20, ...options });
    const stripe = new Stripe('sk_test_fixture', { ...standIn.client, telemetry: false, maxNetworkRetries: 0 });
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (it: Buffer) => chunks.push(it));
      request.on('end', () => {
        const status = fixture.answers.shift() ?? fixture.take(Buffer.concat(chunks), request.headers);
        response.writeHead(status).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `http://localhost:${(server.address() as AddressInfo).port}/hook`;
    const fixture = new StripeFixture(standIn, stripe, endpoint, async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    });
    await standIn.setWebhook(endpoint);
    return fixture;
  }

  /** Opens a session for a single donation; `more` overrides parameters. */
  session(more: Partial<Stripe.Checkout.SessionCreateParams> = {}, amount = 1234, currency = 'usd') {
    return this.stripe.checkout.sessions.create(onceParams(more, amount, currency));
  }

  /** Opens a session for a monthly donation. */
  monthly(more: Partial<Stripe.Checkout.SessionCreateParams> = {}, interval: 'month' | 'year' = 'month') {
    return this.stripe.checkout.sessions.create({
      ...PLACES,
      mode: 'subscription',
      subscription_data: { metadata: { donation_id: 'd2' }, description: 'A monthly gift' },
      line_items: [
        {
          quantity: 1,
          price_data: {
            currency: 'gbp',
            unit_amount: 500,
            product_data: { name: 'A monthly gift' },
            recurring: { interval },
          },
        },
      ],
      ...more,
    });
  }

  /** Begins a monthly donation. @returns the subscription's id */
  async subscribed(): Promise<string> {
    const session = await this.monthly();
    return (await this.standIn.pay(session.id)).subscription!;
  }

  /** Returns the types of all events so far, oldest first. */
  async eventTypes(): Promise<string[]> {
    return (await this.standIn.events()).map((it) => it.type);
  }

  /** Resolves when every event has arrived. */
  async settled(): Promise<void> {
    await until('all webhooks delivered', async () => (await this.standIn.waiting()).length === 0);
  }

  async close(): Promise<void> {
    await this.standIn.close();
    await this.stopEndpoint();
  }

  private take(body: Buffer, headers: Record<string, string | string[] | undefined>): number {
    try {
      const signature = headers['stripe-signature'] ?? '';
      this.received.push(this.stripe.webhooks.constructEvent(body, signature, this.standIn.webhookSecret));
      return 200;
    } catch (error) {
      this.refused.push((error as Error).message);
      return 400;
    }
  }
}

const PLACES = {
  success_url: 'http://localhost:9/thank-you?s={CHECKOUT_SESSION_ID}',
  cancel_url: 'http://localhost:9/story',
};

export function onceParams(
  more: Partial<Stripe.Checkout.SessionCreateParams> = {},
  amount = 1234,
  currency = 'usd',
): Stripe.Checkout.SessionCreateParams {
  return {
    ...PLACES,
    mode: 'payment',
    submit_type: 'donate',
    client_reference_id: 'd1',
    metadata: { donation_id: 'd1' },
    payment_intent_data: { metadata: { donation_id: 'd1' } },
    line_items: [{ quantity: 1, price_data: { currency, unit_amount: amount, product_data: { name: 'A gift' } } }],
    ...more,
  };
}

/** Returns the SDK's error of a call that is refused. */
export async function refusal(call: Promise<unknown>) {
  try {
    await call;
  } catch (error) {
    const { statusCode, type, code, param, message } = error as Stripe.errors.StripeError;
    return { statusCode, type, code, param, message };
  }
  return { message: 'it was not refused' };
}
