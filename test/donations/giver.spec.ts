import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor } from '../support/actor.js';
import { until } from '../support/until.js';
import { DonationsFixture } from './donations-fixture.js';

type View = Schemas['Donation'];

describe('what a giver is told', () => {
  let fixture: DonationsFixture;

  beforeAll(async () => {
    fixture = await DonationsFixture.start();
    await fixture.hideEvents();
  });
  afterAll(() => fixture.close());

  const view = async (who: Actor, id: string): Promise<View> => (await who.get<View>(`/donations/${id}`)).body;
  const becomes = (who: Actor, id: string, what: string, is: (it: View) => boolean) =>
    until(what, async () => is(await view(who, id)));
  const subscribe = async (who: Actor, amount = 1_000) => {
    const { id, session } = await fixture.begin(who, { interval: 'month', amount, visibility: 'public' });
    const { subscription, customer } = await fixture.stripe.pay(session);
    await becomes(who, id, 'the subscription', (it) => it.repeats?.until != null && it.status === 'paid');
    return { id, session, subscription: subscription!, customer };
  };
  const supporter = async (who: Actor) => (await who.get<Schemas['Session']>('/session')).body.account!.supporter;

  it('names each state of a subscription at Stripe, and leads to the page where it is mended', async () => {
    const reader = await fixture.app.reader('Stella State');
    const { id, subscription } = await subscribe(reader);
    for (const [to, status, badge] of [
      [{ status: 'past_due' }, 'past_due', true],
      [{ status: 'unpaid' }, 'unpaid', false],
      [{ status: 'paused' }, 'paused', false],
      [{ status: 'incomplete' }, 'incomplete', false],
      [{ status: 'trialing' }, 'trialing', true],
      [{ status: 'active' }, 'on', true],
      [{ paused: true }, 'paused', false],
      [{ paused: false }, 'on', true],
    ] as const) {
      await fixture.stripe.setSubscription(subscription, to);
      await becomes(reader, id, status, (it) => it.repeats!.status === status);
      expect((await view(reader, id)).repeats!.manageable).toBe(true);
      await until('the badge', async () => (await supporter(reader)) === badge);
    }
    await fixture.stripe.setSubscription(subscription, { status: 'incomplete_expired' });
    await becomes(reader, id, 'its end', (it) => it.repeats!.status === 'incomplete_expired');
    expect((await view(reader, id)).repeats!.manageable).toBe(false);
  });

  it('takes a payment that is past due for 60 days as unpaid, and the badge with it', async () => {
    const reader = await fixture.app.reader('Paula Pastdue');
    const { id, subscription } = await subscribe(reader);
    await fixture.stripe.setSubscription(subscription, { status: 'past_due' });
    await becomes(reader, id, 'past due', (it) => it.repeats!.status === 'past_due');
    await fixture.app.sql(`update donation_subscriptions set past_due_since = past_due_since - interval '61 days'`);
    expect((await view(reader, id)).repeats).toMatchObject({ status: 'unpaid', manageable: true });
    await fixture.app.sql(`select graphile_worker.add_job('sweep-supporter-badges', '{}'::json)`);
    await until('the badge to end', async () => !(await supporter(reader)));
    await fixture.stripe.setSubscription(subscription, { status: 'active' });
    await becomes(reader, id, 'the payment', (it) => it.repeats!.status === 'on');
    await fixture.stripe.cancel(subscription);
  });

  it('shows what was paid back, and the amount that was changed at Stripe, of which the log warns once', async () => {
    const donor = fixture.app.anonymous();
    const once = await fixture.begin(donor);
    await fixture.stripe.pay(once.session);
    await becomes(donor, once.id, 'the payment', (it) => it.status === 'paid');
    await fixture.stripe.refund(once.session, 1_000);
    await becomes(donor, once.id, 'the refund', (it) => it.returned === 1_000);
    expect(await view(donor, once.id)).toMatchObject({ status: 'paid', amount: 5_000, given: 5_000 });

    const warned = jest.spyOn(Logger.prototype, 'warn');
    try {
      const { id, subscription } = await subscribe(donor);
      await fixture.stripe.setSubscription(subscription, { amount: 1_500 });
      await becomes(donor, id, 'the new amount', (it) => it.amount === 1_500);
      for (let n = 2; n <= 4; n += 1) {
        await fixture.stripe.renew(subscription);
        await becomes(donor, id, 'the renewal', (it) => it.given === 1_000 + 1_500 * (n - 1));
      }
      const lines = warned.mock.calls.map(([it]) => String(it)).filter((it) => it.includes('differs'));
      expect(lines.length).toBeLessThan(2);
    } finally {
      warned.mockRestore();
    }
  });

  it('names what the account gives already, and gives it one customer at Stripe', async () => {
    const reader = await fixture.app.reader('Renata Repeats');
    const repeating = async () =>
      (await reader.get<Schemas['RepeatingDonations']>('/donations/repeating')).body.donations;
    expect(await repeating()).toEqual([]);
    const first = await subscribe(reader);
    expect(await repeating()).toEqual([
      { id: first.id, amount: 1_000, currency: 'usd', interval: 'month', status: 'on' },
    ]);
    const second = await subscribe(reader, 2_000);
    expect(second.customer).toBe(first.customer);
    expect((await repeating()).map((it) => it.id)).toEqual([second.id, first.id]);
    expect((await fixture.app.anonymous().get('/donations/repeating')).status).toBe(401);

    // Staff deleted the customer at Stripe, which ends the subscriptions. The next gift has a new one.
    await fetch(`${fixture.stripe.url}/v1/customers/${first.customer as string}`, {
      method: 'DELETE',
      headers: { authorization: 'Bearer sk_test_ofthetests' },
    });
    await until('the end of both', async () => !(await repeating()).length);
    const third = await subscribe(reader);
    expect(third.customer).not.toBe(first.customer);
  });

  it('can pay only the last of the pages that they opened, and is told that a bank debit takes days', async () => {
    const donor = fixture.app.anonymous();
    const first = await fixture.begin(donor);
    const second = await fixture.begin(donor, { amount: 7_000, replaces: first.id });
    await fixture.waitForStatus(donor, first.id, 'expired');
    expect((await fixture.sessions()).find((it) => it.id === first.session)!.status).toBe('expired');
    await fixture.stripe.pay(second.session, 'bank_debit');
    await becomes(donor, second.id, 'the debit', (it) => it.delayed);
    expect((await view(donor, second.id)).status).toBe('pending');
    await fixture.stripe.settle(second.session);
    await becomes(donor, second.id, 'the money', (it) => it.status === 'paid' && !it.delayed);
    // A paid page stays as it is.
    await fixture.begin(donor, { replaces: second.id });
    await until('the job', async () => {
      const jobs = `select 1 from graphile_worker.jobs where task_identifier = 'expire-checkout'`;
      return !(await fixture.app.sql(jobs)).length;
    });
    expect(await fixture.status(donor, second.id)).toBe('paid');
  });
});
