import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/until.js';
import { type GiftView, DonationsFixture } from './donations-fixture.js';

describe('redirect proves nothing', () => {
  let town: DonationsFixture;

  beforeAll(async () => {
    town = await DonationsFixture.found({ webhooks: false });
  });
  afterAll(() => town.close());

  it('a forged success URL never marks a gift as paid', async () => {
    const giver = town.app.anonymous();
    const { id, session } = await town.begun(giver);
    for (const forged of [`?session_id=${session}`, '?status=paid', '?donation=paid', '?payment_status=paid', '']) {
      const { status, body } = await giver.get<GiftView>(`/donations/${id}${forged}`);
      expect([status, body.status, body.paidAt]).toEqual([200, 'pending', null]);
    }
    for (const page of [`/thank-you?donation=${id}`, `/thank-you?donation=${id}&session_id=${session}&status=paid`])
      await fetch(town.app.url + page, { headers: { cookie: giver.cookieHeader } });
    // Stripe itself was asked, and said no.
    await until('the question to Stripe', async () => {
      const [job] = await town.app.sql(
        `select 1 from graphile_worker.jobs where task_identifier = 'ask-stripe-session'`,
      );
      const [asked] = await town.app.sql('select 1 from donations where id = $1 and asked_at is not null', [id]);
      return asked && !job;
    });
    expect(await town.status(giver, id)).toBe('pending');
    expect(await town.ledger(id)).toEqual({});
  });

  it('a payment shows although its webhook never comes: the look asks Stripe about that very session', async () => {
    const giver = town.app.anonymous();
    const [once, monthly, other] = [
      await town.begun(giver),
      await town.begun(giver, { interval: 'month', amount: 1_000 }),
      await town.begun(giver),
    ];
    await town.stripe.pay(once.session);
    await town.stripe.pay(monthly.session);
    for (const { id, amount } of [
      { id: once.id, amount: '5000 usd' },
      { id: monthly.id, amount: '1000 usd' },
    ]) {
      await town.becomes(giver, id, 'paid');
      expect(Object.values(await town.ledger(id))).toEqual([amount]);
    }
    expect(await town.status(giver, other.id)).toBe('pending');
  });

  it('a Stripe that does not answer leaves no dead job behind, and is asked again at a later look', async () => {
    const giver = town.app.anonymous();
    const { id, session } = await town.begun(giver);
    await town.stripe.pay(session);
    await town.stripe.failNextCall({ kind: 'hangup', times: 100, path: '/v1/checkout/sessions' });
    expect(await town.status(giver, id)).toBe('pending');
    await until('the end of the question', async () => {
      const jobs = await town.app.sql(
        `select 1 from graphile_worker.jobs where task_identifier = 'ask-stripe-session' and key = $1`,
        [`ask-session:${id}`],
      );
      return !jobs.length;
    });
    expect((await town.stored(id)).state).toBe('open');
    await town.stripe.clearFaults();
    await town.app.clock.advance(16_000);
    await town.becomes(giver, id, 'paid');
  });

  it('and asks no more often than every few seconds, however often somebody looks', async () => {
    const giver = town.app.anonymous();
    const { id } = await town.begun(giver);
    const asked = async () =>
      (await town.app.sql<{ asked_at: Date }>('select asked_at from donations where id = $1', [id]))[0]!.asked_at;
    await Promise.all(Array.from({ length: 10 }, () => town.status(giver, id)));
    const first = await asked();
    expect(first).not.toBeNull();
    await Promise.all(Array.from({ length: 10 }, () => town.status(giver, id)));
    expect(await asked()).toEqual(first);
    await town.app.clock.advance(16_000);
    await town.status(giver, id);
    expect((await asked()).getTime()).toBeGreaterThan(first.getTime() + 15_000);
  });

  it('only its maker can look: the browser that began it, or the account', async () => {
    const giver = town.app.anonymous();
    const reader = await town.app.reader('Gil Giver');
    const [browsers, accounts] = [(await town.begun(giver)).id, (await town.begun(reader)).id];
    const elsewhere = town.app.anonymous();
    for (const [name, value] of reader.cookies) if (name === '__Host-rostra') elsewhere.cookies.set(name, value);
    for (const [who, id, status] of [
      [giver, browsers, 200],
      [reader, accounts, 200],
      [elsewhere, accounts, 200],
      [town.app.anonymous(), browsers, 404],
      [giver, accounts, 404],
      [reader, browsers, 404],
      [await town.app.reader('Nosy Reader'), accounts, 404],
    ] as const)
      expect((await who.get(`/donations/${id}`)).status).toBe(status);
    expect((await giver.get('/donations/nothing')).body.code).toBe('donation.not_found');
  });
});
