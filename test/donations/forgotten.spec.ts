import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import type { Schemas } from '../../web/shared/contract.js';
import { postWebhook, signature, stripeEvent } from '../support/stripe.js';
import { until } from '../support/until.js';
import { sessionOf, DonationsFixture } from './donations-fixture.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('forgotten donations and events', () => {
  let fixture: DonationsFixture;

  beforeAll(async () => {
    fixture = await DonationsFixture.start({ webhooks: false });
  });
  afterAll(() => fixture.close());

  const run = async (job: string, ...following: string[]): Promise<void> => {
    await fixture.app.sql(`select graphile_worker.add_job($1, '{}'::json)`, [job]);
    await until(job, async () => {
      const left = 'select 1 from graphile_worker.jobs where task_identifier = any($1)';
      return !(await fixture.app.sql(left, [[job, ...following]])).length;
    });
  };
  const sweep = () => run('sweep-stripe-events', 'ask-stripe-session');
  const listing = () => run('list-stripe-events', 'apply-stripe-event', 'refresh-subscription');

  it("are read from Stripe's list when no webhook comes, and the late webhooks change nothing", async () => {
    await fixture.stripe.clearFaults();
    const [once, monthly] = [await fixture.app.reader('Lola Lost'), await fixture.app.reader('Max Missed')];
    const badges = async () => {
      const seen = [once, monthly].map((it) => it.get<Schemas['Session']>('/session'));
      return (await Promise.all(seen)).map((it) => it.body.account!.supporter);
    };
    const donations = {
      once: await fixture.begin(once, { visibility: 'public' }),
      monthly: await fixture.begin(monthly, { visibility: 'public', interval: 'month', amount: 1_000 }),
    };
    const ledgers = async () =>
      Promise.all([fixture.ledger(donations.once.id), fixture.ledger(donations.monthly.id)]).then((all) =>
        all.map((it) => Object.values(it).sort()),
      );
    const paid = await fixture.stripe.pay(donations.once.session);
    const { subscription } = await fixture.stripe.pay(donations.monthly.session);
    await listing();
    expect([await ledgers(), await badges()]).toEqual([
      [['5000 usd'], ['1000 usd']],
      [true, true],
    ]);

    // Twenty renewals make more than one page of the list.
    for (let i = 0; i < 20; i += 1) await fixture.stripe.renew(subscription!);
    await fixture.stripe.refund(paid.payment_intent!);
    // An account with an old API version lists events in which only the ids of the objects can be read.
    await fixture.stripe.setAccountVersion('2020-08-27');
    await listing();
    await fixture.stripe.setAccountVersion(Stripe.API_VERSION);
    const after = [['-5000 usd', '5000 usd'], Array.from({ length: 21 }, () => '1000 usd')];
    expect([await ledgers(), await badges()]).toEqual([after, [false, true]]);
    expect((await fixture.storedDonation(donations.once.id)).state).toBe('refunded');
    await fixture.stripe.cancel(subscription!);
    await listing();
    expect(await badges()).toEqual([false, false]);

    const applied = () => fixture.app.sql(`select id from stripe_events where outcome = 'applied' order by id`);
    const before = await applied();
    await fixture.stripe.setWebhook(fixture.endpoint);
    await until('the webhooks', async () => (await fixture.stripe.waiting()).length === 0);
    await listing();
    expect([await applied(), await ledgers(), await badges()]).toEqual([before, after, [false, false]]);
    await fixture.stripe.setWebhook(undefined);
  });

  it('become paid or expired a day later, when Stripe is polled', async () => {
    const donor = fixture.app.anonymous();
    const [paid, young] = [await fixture.begin(donor), await fixture.begin(donor)];
    await fixture.stripe.pay(paid.session);
    await fixture.stripe.failNextCall({ kind: 'hangup', effect: 'before', times: 3 });
    const key = randomUUID();
    await fixture.postDonation(donor, {}, key);
    await fixture.stripe.clearFaults();
    await fixture.hideEvents();
    const [pageless] = await fixture.app.sql<{ id: string }>(`select id from donations where state = 'created'`);
    // The donor does not wait for a payment that cannot be made.
    expect(await fixture.status(donor, pageless!.id)).toBe('expired');

    await sweep();
    expect((await fixture.storedDonation(paid.id)).state).toBe('open');
    await fixture.app.clock.advance(26 * HOUR);
    await sweep();
    expect((await fixture.storedDonation(paid.id)).state).toBe('paid');
    expect(Object.values(await fixture.ledger(paid.id))).toEqual(['5000 usd']);
    expect((await fixture.storedDonation(pageless!.id)).state).toBe('expired');
    // Stripe was polled about this one too. By its own clock the page is still open.
    expect((await fixture.storedDonation(young.id)).state).toBe('open');

    // A donor who tries again gets a page, then the status pending, and then paid.
    const again = await fixture.postDonation(donor, {}, key);
    expect([again.status, again.body.id]).toEqual([201, pageless!.id]);
    expect(await fixture.status(donor, pageless!.id)).toBe('pending');
    await fixture.stripe.pay(sessionOf(again.body.checkoutUrl));
    await fixture.app.clock.advance(16_000);
    await fixture.waitForStatus(donor, pageless!.id, 'paid');
  });

  it('count as foreign when they belong to another shop and Stripe no longer lists them', async () => {
    const event = stripeEvent('refund.created', {
      id: 're_foreign',
      object: 'refund',
      amount: 700,
      currency: 'usd',
      status: 'succeeded',
      payment_intent: 'pi_of_another_shop',
    });
    const signed = { 'stripe-signature': signature(event, undefined, fixture.app.clock.now().getTime()) };
    expect((await postWebhook(fixture.app, event, signed)).status).toBe(200);
    const { id } = JSON.parse(event) as { id: string };
    const outcome = async () =>
      (
        await fixture.app.sql<{ outcome: string | null; waits_for: string | null }>(
          'select outcome, waits_for from stripe_events where id = $1',
          [id],
        )
      )[0]!;
    await until('it waits', async () => (await outcome()).waits_for === 'pi_of_another_shop');
    await fixture.app.clock.advance(34 * DAY);
    await sweep();
    expect(await outcome()).toEqual({ outcome: null, waits_for: 'pi_of_another_shop' });
    await fixture.app.clock.advance(2 * DAY);
    await sweep();
    expect(await outcome()).toEqual({ outcome: 'foreign', waits_for: null });
  });

  it('end after 35 days when Stripe gives no usable answer, and count money that comes later', async () => {
    const donor = fixture.app.anonymous();
    const [debit, page] = [await fixture.begin(donor), await fixture.begin(donor)];
    await fixture.app.sql(`update donations set state = 'unpaid' where id = $1`, [debit.id]);
    await fixture.app.sql('insert into donation_subscriptions (id, donation_id) values ($1, $2)', [
      'sub_unknown',
      page.id,
    ]);
    await fixture.app.sql(
      `insert into stripe_events (id, type, api_version, created_at, received_at, payload)
       select 'evt_unreadable', 'charge.succeeded', $1::text, $2::timestamptz, $2::timestamptz,
         json_build_object('id', 'evt_unreadable', 'object', 'event', 'type', 'charge.succeeded', 'api_version', $1::text,
           'livemode', false, 'created', 1790000000, 'data', json_build_object('object', json_build_object('id', 'ch_odd')))`,
      [Stripe.API_VERSION, fixture.app.clock.now()],
    );
    const states = () =>
      Promise.all([
        fixture.storedDonation(debit.id).then((it) => it.state),
        fixture.storedDonation(page.id).then((it) => it.state),
        fixture.app
          .sql<{ outcome: string | null }>(`select outcome from stripe_events where id = 'evt_unreadable'`)
          .then(([it]) => it!.outcome),
      ]);
    await fixture.app.clock.advance(34 * DAY);
    await sweep();
    expect(await states()).toEqual(['unpaid', 'open', null]);
    await until('the end of a subscription that Stripe does not know', async () => {
      const [it] = await fixture.app.sql<{ status: string | null }>(
        `select status from donation_subscriptions where id = 'sub_unknown' and seen = news`,
      );
      return it?.status === 'canceled';
    });
    await fixture.app.clock.advance(2 * DAY);
    await sweep();
    expect(await states()).toEqual(['failed', 'expired', 'ignored']);
    // A later payment still counts.
    await fixture.stripe.clearFaults();
    await fixture.stripe.pay(debit.session);
    await listing();
    expect((await fixture.storedDonation(debit.id)).state).toBe('paid');
  });
});
