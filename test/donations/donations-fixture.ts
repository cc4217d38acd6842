import { randomUUID } from 'node:crypto';
import type { StripeStandIn } from '../../stand-ins/stripe/stripe.js';
import type { Actor, HttpAnswer } from '../support/actor.js';
import { SITE, TestApp } from '../support/app.js';
import { stripeFor } from '../support/stripe.js';
import { until } from '../support/until.js';

export interface Gift {
  amount: number;
  currency: string;
  interval: 'once' | 'month' | 'year';
  country: string;
  article?: string;
  returnUrl: string;
  visibility: 'anonymous' | 'public';
}

export type GiftView = { id: string; status: string; paidAt: string | null; amount: number; currency: string };
type Given = { id: string; checkoutUrl: string; code: string };

export const gift = (over: Partial<Gift> = {}): Gift => ({
  amount: 5_000,
  currency: 'usd',
  interval: 'once',
  country: 'US',
  returnUrl: `${SITE}/story`,
  visibility: 'anonymous',
  ...over,
});

/** An app and a Stripe that know each other. */
export class DonationsFixture {
  private constructor(
    readonly app: TestApp,
    readonly stripe: StripeStandIn,
    readonly env: Record<string, string>,
  ) {}

  /** @param webhooks whether Stripe's events come by themselves; else the test brings them */
  static async found({ webhooks = true, env = {} as Record<string, string> } = {}): Promise<DonationsFixture> {
    const { stripe, env: own } = await stripeFor();
    const app = await TestApp.start({ env: { ...own, ...env }, logger: false });
    const town = new DonationsFixture(app, stripe, own);
    await (webhooks ? stripe.setWebhook(town.endpoint) : town.hideEvents());
    return town;
  }

  get endpoint(): string {
    return `${this.app.url}/api/v1/webhooks/stripe`;
  }

  /** Stripe lists no events, until its faults are cleared: the app's own clock must not bring them in the middle of a test. */
  hideEvents(): Promise<void> {
    return this.stripe.failNextCall({ kind: 500, times: Infinity, path: '/v1/events' });
  }

  /** Begins a gift as its form does. */
  give(giver: Actor, over: Partial<Gift> = {}, key: string = randomUUID()): Promise<HttpAnswer<Given>> {
    return giver.post<Given>('/donations', gift(over), { 'idempotency-key': key });
  }

  /** A gift that was begun. @returns its id and that of Stripe's session */
  async begun(giver: Actor, over: Partial<Gift> = {}): Promise<{ id: string; session: string }> {
    const answer = await this.give(giver, over);
    if (answer.status !== 201) throw new Error(`Giving answered ${answer.status}: ${answer.text}`);
    return { id: answer.body.id, session: sessionOf(answer.body.checkoutUrl) };
  }

  async status(giver: Actor, id: string): Promise<string> {
    return (await giver.get<GiftView>(`/donations/${id}`)).body.status;
  }

  /** Waits until the giver is told so. */
  async becomes(giver: Actor, id: string, status: string): Promise<void> {
    await until(`gift ${status}`, async () => (await this.status(giver, id)) === status);
  }

  /** What the database holds, without the help of a look that asks Stripe. */
  async stored(id: string): Promise<{ state: string; session_id: string | null; paid_at: Date | null }> {
    const [found] = await this.app.sql<{ state: string; session_id: string | null; paid_at: Date | null }>(
      'select state, session_id, paid_at from donations where id = $1',
      [id],
    );
    return found!;
  }

  /** The gift's movements of money, without what names their way here. */
  async ledger(id: string): Promise<Record<string, string>> {
    const found = await this.app.sql<{ entry_key: string; amount_minor: string; currency: string }>(
      'select entry_key, amount_minor, currency from ledger_entries where donation_id = $1 order by entry_key',
      [id],
    );
    return Object.fromEntries(found.map((it) => [it.entry_key, `${it.amount_minor} ${it.currency}`]));
  }

  /** The parameters with which sessions were made, as Stripe's own list has them. */
  async sessions(): Promise<Record<string, unknown>[]> {
    const response = await fetch(`${this.stripe.url}/v1/checkout/sessions?limit=100`, {
      headers: { authorization: 'Bearer sk_test_ofthetests' },
    });
    return ((await response.json()) as { data: Record<string, unknown>[] }).data;
  }

  async close(): Promise<void> {
    await this.app.stop();
    await this.stripe.close();
  }
}

export const sessionOf = (checkoutUrl: string): string => new URL(checkoutUrl).pathname.split('/').pop()!;
