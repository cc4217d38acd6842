import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Schemas } from '../../web/shared/contract.js';
import { until } from '../support/until.js';
import { DonationsFixture } from './donations-fixture.js';

describe('the redirect after a payment', () => {
  let fixture: DonationsFixture;

  beforeAll(async () => {
    fixture = await DonationsFixture.start({ webhooks: false });
  });
  afterAll(() => fixture.close());

  it('does not mark a donation as paid when its URL is forged', async () => {
    const donor = fixture.app.anonymous();
    const { id, session } = await fixture.begin(donor);
    for (const forged of [`?session_id=${session}`, '?status=paid', '?donation=paid', '?payment_status=paid', '']) {
      const { status, body } = await donor.get<Schemas['Donation']>(`/donations/${id}${forged}`);
      expect([status, body.status, body.paidAt]).toEqual([200, 'pending', null]);
    }
    for (const page of [`/thank-you?donation=${id}`, `/thank-you?donation=${id}&session_id=${session}&status=paid`])
      await fetch(fixture.app.url + page, { headers: { cookie: donor.cookieHeader } });
    // Stripe was polled and reported no payment.
    await until('the question to Stripe', async () => {
      const [job] = await fixture.app.sql(
        `select 1 from graphile_worker.jobs where task_identifier = 'ask-stripe-session'`,
      );
      const [asked] = await fixture.app.sql('select 1 from donations where id = $1 and asked_at is not null', [id]);
      return asked && !job;
    });
    expect(await fixture.status(donor, id)).toBe('pending');
    expect(await fixture.ledger(id)).toEqual({});
  });

  it('shows a payment without a webhook, because the status request polls Stripe about its session', async () => {
    const donor = fixture.app.anonymous();
    const [once, monthly, other] = [
      await fixture.begin(donor),
      await fixture.begin(donor, { interval: 'month', amount: 1_000 }),
      await fixture.begin(donor),
    ];
    await fixture.stripe.pay(once.session);
    await fixture.stripe.pay(monthly.session);
    for (const { id, amount } of [
      { id: once.id, amount: '5000 usd' },
      { id: monthly.id, amount: '1000 usd' },
    ]) {
      await fixture.waitForStatus(donor, id, 'paid');
      expect(Object.values(await fixture.ledger(id))).toEqual([amount]);
    }
    expect(await fixture.status(donor, other.id)).toBe('pending');
  });

  it('leaves no failed job when Stripe does not answer, and polls again at a later request', async () => {
    const donor = fixture.app.anonymous();
    const { id, session } = await fixture.begin(donor);
    await fixture.stripe.pay(session);
    await fixture.stripe.failNextCall({ kind: 'hangup', times: 100, path: '/v1/checkout/sessions' });
    expect(await fixture.status(donor, id)).toBe('pending');
    await until('the end of the question', async () => {
      const jobs = await fixture.app.sql(
        `select 1 from graphile_worker.jobs where task_identifier = 'ask-stripe-session' and key = $1`,
        [`ask-session:${id}`],
      );
      return !jobs.length;
    });
    expect((await fixture.storedDonation(id)).state).toBe('open');
    await fixture.stripe.clearFaults();
    await fixture.app.clock.advance(16_000);
    await fixture.waitForStatus(donor, id, 'paid');
  });

  it('polls Stripe only every few seconds, however many status requests come', async () => {
    const donor = fixture.app.anonymous();
    const { id } = await fixture.begin(donor);
    const asked = async () =>
      (await fixture.app.sql<{ asked_at: Date }>('select asked_at from donations where id = $1', [id]))[0]!.asked_at;
    await Promise.all(Array.from({ length: 10 }, () => fixture.status(donor, id)));
    const first = await asked();
    expect(first).not.toBeNull();
    await Promise.all(Array.from({ length: 10 }, () => fixture.status(donor, id)));
    expect(await asked()).toEqual(first);
    await fixture.app.clock.advance(16_000);
    await fixture.status(donor, id);
    expect((await asked()).getTime()).toBeGreaterThan(first.getTime() + 15_000);
  });

  it('shows a donation only to the browser or the account that began it', async () => {
    const donor = fixture.app.anonymous();
    const reader = await fixture.app.reader('Gil Giver');
    const [browsers, accounts] = [(await fixture.begin(donor)).id, (await fixture.begin(reader)).id];
    const elsewhere = fixture.app.anonymous();
    for (const [name, value] of reader.cookies) if (name === '__Host-rostra') elsewhere.cookies.set(name, value);
    for (const [who, id, status] of [
      [donor, browsers, 200],
      [reader, accounts, 200],
      [elsewhere, accounts, 200],
      [fixture.app.anonymous(), browsers, 404],
      [donor, accounts, 404],
      [reader, browsers, 404],
      [await fixture.app.reader('Nosy Reader'), accounts, 404],
    ] as const)
      expect((await who.get(`/donations/${id}`)).status).toBe(status);
    expect((await donor.get('/donations/nothing')).body.code).toBe('donation.not_found');
  });
});
