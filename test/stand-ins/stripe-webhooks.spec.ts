import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { startStripe } from '../../stand-ins/stripe/stripe.js';
import { until } from '../support/until.js';
import { StripeFixture } from './stripe-fixture.js';

const open: StripeFixture[] = [];
afterEach(async () => {
  for (const it of open.splice(0)) await it.close();
});
async function newShop(options: Parameters<typeof StripeFixture.open>[0] = {}): Promise<StripeFixture> {
  const shop = await StripeFixture.open(options);
  open.push(shop);
  return shop;
}
const gift = async (shop: StripeFixture) => shop.stand.pay((await shop.session()).id);
const idsOf = (events: { id: string }[]) => events.map((it) => it.id).sort();

describe('webhooks', () => {
  it('arrive signed, in the pinned API version, and once for each listed event', async () => {
    const shop = await newShop();
    const session = await gift(shop);
    await shop.settled();
    expect(shop.refused).toEqual([]);
    expect(idsOf(shop.received)).toEqual(idsOf(await shop.stand.events()));
    const completed = shop.received.find((it) => it.type === 'checkout.session.completed')!;
    expect(completed).toMatchObject({
      api_version: Stripe.API_VERSION,
      livemode: false,
      data: { object: { id: session.id } },
    });
    expect(completed.request).toEqual({ id: null, idempotency_key: null });
  });

  it('are snapshots that later changes do not alter', async () => {
    const shop = await newShop();
    await shop.stand.hold();
    const { payment_intent } = await gift(shop);
    await shop.stripe.refunds.create({ payment_intent: payment_intent! });
    await shop.stand.flush();
    await shop.settled();
    const succeeded = shop.received.find((it) => it.type === 'charge.succeeded')!;
    expect(succeeded.data.object).toMatchObject({ refunded: false, amount_refunded: 0 });
  });

  it('are repeated until the answer is a 2xx, also after an error or a redirect', async () => {
    const shop = await newShop();
    shop.answers.push(500, 503, 302, 404);
    await shop.stripe.customers.create({ name: 'Ann' });
    await shop.settled();
    expect(shop.answers).toEqual([]);
    expect(shop.received.map((it) => it.type)).toEqual(['customer.created']);
  });

  it('wait until an endpoint is set, and are listed as undelivered until then', async () => {
    const shop = await newShop();
    await shop.stand.setWebhook(undefined);
    const { id } = await shop.stripe.customers.create({ name: 'Ann' });
    expect((await shop.stripe.events.list({ delivery_success: false })).data).toMatchObject([
      { data: { object: { id } } },
    ]);
    await shop.stand.setWebhook(shop.endpoint);
    await shop.settled();
    expect(shop.received).toHaveLength(1);
    expect((await shop.stripe.events.list({ delivery_success: false })).data).toEqual([]);
  });

  it('are held on request, and then sent one after another in a chosen order', async () => {
    const shop = await newShop();
    await shop.stand.hold();
    await gift(shop);
    const ids = (await shop.stand.events()).map((it) => it.id).reverse();
    expect(shop.received).toEqual([]);
    expect(await shop.stand.flush(ids)).toEqual(ids.map(() => 200));
    expect(shop.received.map((it) => it.id)).toEqual(ids);
    await gift(shop);
    await shop.settled();
    expect(shop.received).toHaveLength(ids.length * 2);
  });

  it('are sent once more on request, with a fault if requested', async () => {
    const shop = await newShop();
    await shop.stripe.customers.create({ name: 'Ann' });
    await shop.settled();
    const { id } = shop.received[0]!;
    const send = (attempt: Parameters<typeof shop.stand.deliver>[1]) => shop.stand.deliver(id, attempt);
    expect(await send({})).toBe(200);
    expect(shop.received.map((it) => it.id)).toEqual([id, id]);
    expect(await send({ signature: 'wrong' })).toBe(400);
    expect(await send({ signature: 'missing' })).toBe(400);
    expect(await send({ secret: 'whsec_other' })).toBe(400);
    expect(await send({ age: 290 })).toBe(200);
    expect(await send({ age: 310 })).toBe(400);
    expect(shop.refused.at(-1)).toMatch(/[Tt]imestamp/);
    expect(await send({ changes: { livemode: true, api_version: '2020-08-27' } })).toBe(200);
    expect(shop.received.at(-1)).toMatchObject({ id, livemode: true, api_version: '2020-08-27' });
  });

  it('are duplicated, dropped, shuffled, left out or badly signed on request, the same for each seed', async () => {
    const shop = await newShop();
    const made = async (disturbance: Parameters<typeof shop.stand.disturb>[0]) => {
      await shop.stand.disturb(disturbance);
      const [events, received] = [(await shop.stand.events()).length, shop.received.length];
      for (let i = 0; i < 5; i++) await gift(shop);
      await shop.settled();
      const listed = (await shop.stand.events()).slice(events);
      return { listed, received: shop.received.slice(received) };
    };
    const doubled = await made({ duplicate: 1 });
    expect(idsOf(doubled.received)).toEqual(idsOf([...doubled.listed, ...doubled.listed]));

    const dropped = await made({ drop: 0.5, seed: 7 });
    expect(dropped.listed).toHaveLength(25);
    expect(dropped.received.length).toBeGreaterThan(0);
    expect(dropped.received.length).toBeLessThan(25);
    const types = (events: { type: string }[]) => events.map((it) => it.type).sort();
    expect(types((await made({ drop: 0.5, seed: 7 })).received)).toEqual(types(dropped.received));

    const lost = await made({ neverGenerate: 0.5 });
    expect(lost.listed.length).toBeLessThan(25);
    expect(idsOf(lost.received)).toEqual(idsOf(lost.listed));

    await shop.stand.disturb({ shuffle: true, seed: 3 });
    await shop.stand.hold();
    for (let i = 0; i < 2; i++) await gift(shop);
    const order = (await shop.stand.events()).slice(-10).map((it) => it.id);
    const before = shop.received.length;
    await shop.stand.flush();
    await shop.settled();
    expect(shop.received.slice(before).map((it) => it.id)).not.toEqual(order);
    expect(idsOf(shop.received.slice(before))).toEqual([...order].sort());

    await shop.stand.disturb({ signature: 'wrong' });
    const count = shop.received.length;
    await shop.stripe.customers.create({});
    await until('a refusal', () => shop.refused.length > 0);
    expect(shop.received).toHaveLength(count);
    await shop.stand.disturb();
    await shop.settled();
    expect(shop.received).toHaveLength(count + 1);
  });
});

describe('the state file', () => {
  it('keeps objects, keys, the clock and undelivered events over a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stripe-stand-in-'));
    try {
      const statePath = join(folder, 'stripe.json');
      const first = await newShop({ statePath });
      const session = await first.session();
      const key = { idempotencyKey: 'kept' };
      const customer = await first.stripe.customers.create({ name: 'Ann' }, key);
      await first.settled();
      await first.stand.hold();
      await first.stand.pay(session.id);
      await first.stand.advance(3600);
      const events = await first.stand.events();
      // The stand-in still runs, and everything that was answered is already in the file.
      expect(JSON.parse(await readFile(statePath, 'utf8'))).toHaveProperty(
        ['objects', 'checkout.session', session.id, 'status'],
        'complete',
      );
      expect(await readdir(folder)).toEqual(['stripe.json']);
      await open.splice(0)[0]!.close();

      const second = await newShop({ statePath, webhookSecret: first.stand.webhookSecret });
      await second.settled();
      expect(second.received).toHaveLength(5);
      expect(await second.stand.events()).toHaveLength(events.length);
      expect((await second.stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe('paid');
      expect((await second.stripe.customers.create({ name: 'Ann' }, key)).id).toBe(customer.id);
      expect((await second.session()).created).toBeGreaterThanOrEqual(session.created + 3600);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('stops the start when it cannot be read', async () => {
    await expect(startStripe({ port: 0, statePath: tmpdir() })).rejects.toThrow(/is not the state of a stand-in/);
  });
});

describe('the control over HTTP', () => {
  const send = (shop: StripeFixture, command: string, args: unknown, type = 'application/json') =>
    fetch(`${shop.stand.url}/__standin/${command}`, {
      method: 'POST',
      body: JSON.stringify(args),
      headers: { 'content-type': type },
    });

  it('runs the same commands as the methods', async () => {
    const shop = await newShop();
    const session = await shop.session();
    const answer = await send(shop, 'pay', [session.id, 'bank_debit', { email: 'ann@example.org' }]);
    expect(await answer.json()).toMatchObject({ status: 'complete', payment_status: 'unpaid' });
    expect((await send(shop, 'settle', [session.id, 'failed'])).status).toBe(200);
    expect(await shop.eventTypes()).toContain('checkout.session.async_payment_failed');
    expect((await send(shop, 'settle', ['pi_none'])).status).toBe(404);
  });

  it('refuses unknown commands and bodies that are no JSON, so that no foreign page can call it', async () => {
    const shop = await newShop();
    expect((await send(shop, 'close', [])).status).toBe(404);
    expect((await send(shop, 'hold', [], 'text/plain')).status).toBe(400);
    expect((await send(shop, 'hold', { all: true })).status).toBe(400);
    expect((await fetch(`${shop.stand.url}/__standin/events`)).status).toBe(404);
    const asked = await fetch(`${shop.stand.url}/__standin/hold`, {
      method: 'OPTIONS',
      headers: { origin: 'http://evil.example' },
    });
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
  });
});
