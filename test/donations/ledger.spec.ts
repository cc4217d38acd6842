import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
    expect((await postWebhook(fixture.app, event, { 'stripe-signature': signature(event) })).status).toBe(200);
    await until('the payment', async () => (await fixture.storedDonation(other.id)).state === 'paid');
    const found = await fixture.app.sql(
      'select amount_minor, currency, drift from ledger_entries where donation_id = $1',
      [other.id],
    );
    expect(found).toEqual([{ amount_minor: '4700', currency: 'eur', drift: true }]);
    expect(await fixture.app.sql('select 1 from ledger_entries where donation_id = $1 and drift', [id])).toEqual([]);
  });
});
