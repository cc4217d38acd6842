import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import Stripe from 'stripe';
import type { StripeStandIn } from '../../stand-ins/stripe/stripe.js';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor, HttpAnswer } from '../support/actor.js';
import { SITE, TestApp } from '../support/app.js';
import { stripeFor } from '../support/stripe.js';
import { until } from '../support/until.js';

export type NewDonation = Schemas['NewDonation'];

export const newDonation = (over: Partial<NewDonation> = {}): NewDonation => ({
  amount: 5_000,
  currency: 'usd',
  interval: 'once',
  country: 'US',
  returnUrl: `${SITE}/story`,
  visibility: 'anonymous',
  ...over,
});

/** A method of Stripe's client that its types leave out. It returns the first pause before a retry, in seconds. */
interface RetryDelay {
  getInitialNetworkRetryDelay(): number;
}

/** An app that is connected to a stand-in of Stripe. */
export class DonationsFixture {
  private constructor(
    readonly app: TestApp,
    readonly stripe: StripeStandIn,
    readonly env: Record<string, string>,
  ) {}

  /** @param webhooks whether Stripe sends its events itself; otherwise the test delivers them */
  static async start({ webhooks = true, env = {} as Record<string, string> } = {}): Promise<DonationsFixture> {
    const { stripe, env: own } = await stripeFor();
    // Stripe's client retries twice, after half a second and more. The tests need the retries without the pauses.
    jest.spyOn(Stripe.prototype as unknown as RetryDelay, 'getInitialNetworkRetryDelay').mockReturnValue(0.01);
    const app = await TestApp.start({ env: { ...own, ...env }, logger: false });
    const fixture = new DonationsFixture(app, stripe, own);
    await (webhooks ? stripe.setWebhook(fixture.endpoint) : fixture.hideEvents());
    return fixture;
  }

  get endpoint(): string {
    return `${this.app.url}/api/v1/webhooks/stripe`;
  }

  /**
   * Makes Stripe list no events until its faults are cleared, because the app's schedule must not read them in a test.
   */
  hideEvents(): Promise<void> {
    return this.stripe.failNextCall({ kind: 500, times: Infinity, path: '/v1/events' });
  }

  /** Begins a donation as the form does. */
  postDonation(
    donor: Actor,
    over: Partial<NewDonation> = {},
    key: string = randomUUID(),
  ): Promise<HttpAnswer<Schemas['Checkout'] & { code: string }>> {
    return donor.post<Schemas['Checkout'] & { code: string }>('/donations', newDonation(over), {
      'idempotency-key': key,
    });
  }

  /** Begins a donation. @returns its id and the id of Stripe's session */
  async begin(donor: Actor, over: Partial<NewDonation> = {}): Promise<{ id: string; session: string }> {
    const answer = await this.postDonation(donor, over);
    if (answer.status !== 201) throw new Error(`POST /donations answered ${answer.status}: ${answer.text}`);
    return { id: answer.body.id, session: sessionOf(answer.body.checkoutUrl) };
  }

  async status(donor: Actor, id: string): Promise<string> {
    return (await donor.get<Schemas['Donation']>(`/donations/${id}`)).body.status;
  }

  /** Waits until the donor sees this status. */
  async waitForStatus(donor: Actor, id: string, status: string): Promise<void> {
    await until(`status ${status}`, async () => (await this.status(donor, id)) === status);
  }

  /** Reads the stored donation, without a request that makes Rostra poll Stripe. */
  async storedDonation(id: string): Promise<{ state: string; session_id: string | null; paid_at: Date | null }> {
    const [found] = await this.app.sql<{ state: string; session_id: string | null; paid_at: Date | null }>(
      'select state, session_id, paid_at from donations where id = $1',
      [id],
    );
    return found!;
  }

  /** Returns the amounts of the donation's ledger entries by their keys. */
  async ledger(id: string): Promise<Record<string, string>> {
    const found = await this.app.sql<{ entry_key: string; amount_minor: string; currency: string }>(
      'select entry_key, amount_minor, currency from ledger_entries where donation_id = $1 order by entry_key',
      [id],
    );
    return Object.fromEntries(found.map((it) => [it.entry_key, `${it.amount_minor} ${it.currency}`]));
  }

  /** Returns the sessions as Stripe lists them. */
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
