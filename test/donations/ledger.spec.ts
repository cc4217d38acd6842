import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { postWebhook, signature, stripeEvent } from '../support/stripe.js';
import { until } from '../support/until.js';
import { DonationsFixture } from './donations-fixture.js';

describe('the ledger', () => {
  let fixture: DonationsFixture;
  let id: string;
  let payment: string;

  beforeAll(async () => {
    fixture = await DonationsFixture.start();
    const donor = fixture.app.anonymous();
    const begun = await fixture.begin(donor);
    id = begun.id;
    payment = (await fixture.stripe.pay(begun.session)).payment_intent!;
    await until('the payment', async () => (await fixture.storedDonation(id)).state === 'paid');
  });
  afterAll(() => fixture.close());

  const send = (body: string, headers: Record<string, string>) => postWebhook(fixture.app, body, headers);

  it.each([
    `update ledger_entries set amount_minor = 1`,
    `update ledger_entries set drift = false where entry_key = 'nothing'`,
    `delete from ledger_entries`,
    `delete from ledger_entries where entry_key = 'nothing'`,
    `truncate ledger_entries`,
    `truncate ledger_entries cascade`,
    `truncate donations cascade`,
    `insert into ledger_entries (entry_key, donation_id, kind, payment_id, amount_minor, currency, drift, source, occurred_at)
     select entry_key, donation_id, kind, payment_id, 1, currency, drift, source, occurred_at from ledger_entries
     on conflict (entry_key) do update set amount_minor = 1`,
  ])('refuses %s', async (sql) => {
    await expect(fixture.app.sql(sql)).rejects.toThrow('ledger_entries is append-only');
    expect(await fixture.ledger(id)).toEqual({ [`payment:${payment}`]: '5000 usd' });
  });

  it('refuses a second row of the same fact, and rows with a wrong sign, kind or currency', async () => {
    const insert = (key: string, kind: string, amount: number, currency: string) =>
      fixture.app.sql(
        `insert into ledger_entries (entry_key, donation_id, kind, payment_id, amount_minor, currency, drift, source, occurred_at)
         values ($1, $2, $3, 'pi_test', $4, $5, false, 'test', now())`,
        [key, id, kind, amount, currency],
      );
    await expect(insert(`payment:${payment}`, 'payment', 1, 'usd')).rejects.toThrow('ledger_entries_once');
    for (const [kind, amount] of [
      ['payment', -1],
      ['payment', 0],
      ['refund', 1],
      ['refund_failed', -1],
      ['dispute', 1],
      ['dispute_lost', 1],
      ['gift', 1],
    ] as const)
      await expect(insert('test:1', kind, amount, 'usd')).rejects.toThrow('ledger_entries_sign');
    await expect(insert('test:1', 'payment', 1, 'USD')).rejects.toThrow('ledger_entries_currency_form');
    expect(Object.keys(await fixture.ledger(id))).toEqual([`payment:${payment}`]);
  });

  it('refuses to delete a donation that has ledger entries', async () => {
    await expect(fixture.app.sql('delete from donations where id = $1', [id])).rejects.toThrow('violates foreign key');
  });

  it('records the paid amount as a drift when it differs from the requested one', async () => {
    const donor = fixture.app.anonymous();
    const other = await fixture.begin(donor);
    const event = stripeEvent('payment_intent.succeeded', {
      id: 'pi_otherwise',
      object: 'payment_intent',
      amount_received: 4_700,
      currency: 'eur',
      metadata: { donation_id: other.id },
    });
    expect((await send(event, { 'stripe-signature': signature(event) })).status).toBe(200);
    await until('the payment', async () => (await fixture.storedDonation(other.id)).state === 'paid');
    const found = await fixture.app.sql(
      'select amount_minor, currency, drift from ledger_entries where donation_id = $1',
      [other.id],
    );
    expect(found).toEqual([{ amount_minor: '4700', currency: 'eur', drift: true }]);
    expect(await fixture.app.sql('select 1 from ledger_entries where donation_id = $1 and drift', [id])).toEqual([]);
  });

  it('applies an event once when 100 copies arrive at the same time', async () => {
    const donor = fixture.app.anonymous();
    await fixture.stripe.hold();
    const { id, session } = await fixture.begin(donor);
    const { payment_intent: pi } = await fixture.stripe.pay(session);
    const completed = (await fixture.stripe.events()).find(
      (it) => it.type === 'checkout.session.completed' && it.data.object.id === session,
    )!;
    const body = JSON.stringify(completed);
    const headers = { 'stripe-signature': signature(body) };
    const answers = await Promise.all(Array.from({ length: 100 }, () => send(body, headers)));
    expect(new Set(answers.map((it) => it.status))).toEqual(new Set([200]));
    await until('the payment', async () => (await fixture.storedDonation(id)).state === 'paid');
    await fixture.stripe.flush();
    await until('every stored event to be applied', async () => {
      const open = await fixture.app.sql('select 1 from stripe_events where processed_at is null');
      const jobs = await fixture.app.sql(
        `select 1 from graphile_worker.jobs where task_identifier = 'apply-stripe-event'`,
      );
      return open.length + jobs.length === 0;
    });
    expect(await fixture.ledger(id)).toEqual({ [`payment:${pi}`]: '5000 usd' });
    expect(await fixture.app.sql('select 1 from stripe_events where id = $1', [completed.id])).toHaveLength(1);
    expect(await fixture.app.sql('select 1 from ledger_entries where donation_id = $1', [id])).toHaveLength(1);
  });

  it('records a payment from the hosted page by a signed event and a job', async () => {
    const donor = fixture.app.anonymous();
    for (const over of [{}, { interval: 'year' as const, amount: 12_000 }]) {
      const { id, session } = await fixture.begin(donor, over);
      expect(await fixture.status(donor, id)).toBe('pending');
      await fixture.stripe.pay(session);
      await until('the payment', async () => (await fixture.storedDonation(id)).state === 'paid');
      expect(await fixture.status(donor, id)).toBe('paid');
    }
    const declined = await fixture.begin(donor);
    await fixture.stripe.pay(declined.session, 'declined_card');
    expect(await fixture.status(donor, declined.id)).toBe('pending');
  });

  it('records the renewals and the end of a monthly donation', async () => {
    const donor = fixture.app.anonymous();
    const { id, session } = await fixture.begin(donor, { interval: 'month', amount: 1_000 });
    const { subscription } = await fixture.stripe.pay(session);
    const status = async () =>
      (
        await fixture.app.sql<{ status: string }>('select status from donation_subscriptions where id = $1', [
          subscription,
        ])
      )[0]?.status;
    await until('the subscription', async () => (await status()) === 'active');
    await fixture.stripe.renew(subscription!);
    await until('the renewal', async () => Object.keys(await fixture.ledger(id)).length === 2);
    expect(Object.values(await fixture.ledger(id))).toEqual(['1000 usd', '1000 usd']);
    const response = await fetch(`${fixture.stripe.url}/v1/subscriptions/${subscription}`, {
      method: 'DELETE',
      headers: { authorization: 'Bearer sk_test_ofthetests', 'idempotency-key': randomUUID() },
    });
    expect(response.status).toBe(200);
    await until('its end', async () => (await status()) === 'canceled');
    expect(await fixture.status(donor, id)).toBe('paid');
  });

  it('reads an event of another API version again in ours, and warns once', async () => {
    const donor = fixture.app.anonymous();
    const warned = jest.spyOn(Logger.prototype, 'warn');
    await fixture.stripe.hold();
    try {
      const { id, session } = await fixture.begin(donor, { interval: 'month', amount: 1_000 });
      const { subscription } = await fixture.stripe.pay(session);
      await fixture.stripe.renew(subscription!);
      // An endpoint of that version gets no `parent` of a renewal, and no event of the invoice's payment.
      const renewals = (await fixture.stripe.events()).filter(({ type, data: { object } }) => {
        const { parent } = object as { parent?: { subscription_details?: { subscription: string } } };
        return type === 'invoice.paid' && parent?.subscription_details?.subscription === subscription;
      });
      expect(renewals).toHaveLength(2);
      for (const it of renewals) {
        const { parent: _none, ...invoice } = it.data.object as unknown as Record<string, unknown>;
        const object = { ...invoice, subscription, subscription_details: { metadata: { donation_id: id } } };
        expect(await fixture.stripe.deliver(it.id, { changes: { api_version: '2024-06-20', data: { object } } })).toBe(
          200,
        );
      }
      await until('both payments', async () => Object.keys(await fixture.ledger(id)).length === 2);
      expect(Object.values(await fixture.ledger(id))).toEqual(['1000 usd', '1000 usd']);
      const [lost] = [
        stripeEvent('invoice.paid', { id: 'in_forgotten', object: 'invoice' }, { api_version: '2024-06-20' }),
      ];
      expect((await send(lost, { 'stripe-signature': signature(lost) })).status).toBe(200);
      await until('the event that Stripe no longer knows to be ignored', async () => {
        const [row] = await fixture.app.sql<{ outcome: string }>('select outcome from stripe_events where id = $1', [
          (JSON.parse(lost) as { id: string }).id,
        ]);
        return row?.outcome === 'ignored';
      });
      const lines = warned.mock.calls.map(([line]) => String(line)).filter((it) => it.includes('2024-06-20'));
      expect(lines).toEqual([
        expect.stringContaining('Create the webhook endpoint with version'),
        expect.stringContaining('no longer has its object'),
      ]);
    } finally {
      warned.mockRestore();
      await fixture.stripe.flush();
    }
  });
});
