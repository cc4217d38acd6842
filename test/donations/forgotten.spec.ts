import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { postWebhook, signature, stripeEvent } from '../support/stripe.js';
import { until } from '../support/until.js';
import { sessionOf, Town } from './town.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('gifts and events that everybody forgot', () => {
  let town: Town;

  beforeAll(async () => {
    town = await Town.found({ webhooks: false });
  });
  afterAll(() => town.close());

  const sweep = async (): Promise<void> => {
    await town.app.sql(`select graphile_worker.add_job('sweep-stripe-events', '{}'::json)`);
    await until('the sweep', async () => {
      const left = await town.app.sql(
        `select 1 from graphile_worker.jobs where task_identifier in ('sweep-stripe-events', 'ask-stripe-session')`,
      );
      return !left.length;
    });
  };

  it('are asked for a day later: paid where Stripe was paid, expired where no page was ever given', async () => {
    const giver = town.app.anonymous();
    const [paid, young] = [await town.begun(giver), await town.begun(giver)];
    await town.stripe.pay(paid.session);
    await town.stripe.failNextCall({ kind: 'hangup', effect: 'before', times: 3 });
    const key = randomUUID();
    await town.give(giver, {}, key);
    await town.stripe.clearFaults();
    const [pageless] = await town.app.sql<{ id: string }>(`select id from donations where state = 'created'`);
    // Its maker is never left to wait for a payment that cannot be made.
    expect(await town.status(giver, pageless!.id)).toBe('expired');

    await sweep();
    expect((await town.stored(paid.id)).state).toBe('open');
    await town.app.clock.advance(26 * HOUR);
    await sweep();
    expect((await town.stored(paid.id)).state).toBe('paid');
    expect(Object.values(await town.ledger(paid.id))).toEqual(['5000 usd']);
    expect((await town.stored(pageless!.id)).state).toBe('expired');
    // Stripe was asked about it too; its own clock says that the page is still open.
    expect((await town.stored(young.id)).state).toBe('open');

    // Whoever tries once more gets a page after all, is told to wait for the payment, and then that it came.
    const again = await town.give(giver, {}, key);
    expect([again.status, again.body.id]).toEqual([201, pageless!.id]);
    expect(await town.status(giver, pageless!.id)).toBe('pending');
    await town.stripe.pay(sessionOf(again.body.checkoutUrl));
    await town.app.clock.advance(16_000);
    await town.becomes(giver, pageless!.id, 'paid');
  });

  it("let go of another shop's refund once Stripe itself has forgotten it", async () => {
    const event = stripeEvent('refund.created', {
      id: 're_foreign',
      object: 'refund',
      amount: 700,
      currency: 'usd',
      status: 'succeeded',
      payment_intent: 'pi_of_another_shop',
    });
    const signed = { 'stripe-signature': signature(event, undefined, town.app.clock.now().getTime()) };
    expect((await postWebhook(town.app, event, signed)).status).toBe(200);
    const { id } = JSON.parse(event) as { id: string };
    const outcome = async () =>
      (
        await town.app.sql<{ outcome: string | null; waits_for: string | null }>(
          'select outcome, waits_for from stripe_events where id = $1',
          [id],
        )
      )[0]!;
    await until('it waits', async () => (await outcome()).waits_for === 'pi_of_another_shop');
    await town.app.clock.advance(34 * DAY);
    await sweep();
    expect(await outcome()).toEqual({ outcome: null, waits_for: 'pi_of_another_shop' });
    await town.app.clock.advance(2 * DAY);
    await sweep();
    expect(await outcome()).toEqual({ outcome: 'foreign', waits_for: null });
  });
});
