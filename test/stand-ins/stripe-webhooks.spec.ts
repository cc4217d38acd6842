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
async function newFixture(options: Parameters<typeof StripeFixture.open>[0] = {}): Promise<StripeFixture> {
  const fixture = await StripeFixture.open(options);
  open.push(fixture);
  return fixture;
}
const gift = async (fixture: StripeFixture) => fixture.standIn.pay((await fixture.session()).id);
const idsOf = (events: { id: string }[]) => events.map((it) => it.id).sort();

describe('webhooks', () => {
  it('arrive signed, in the pinned API version, and once for each listed event', async () => {
    const fixture = await newFixture();
    const session = await gift(fixture);
    await fixture.settled();
    expect(fixture.refused).toEqual([]);
    expect(idsOf(fixture.received)).toEqual(idsOf(await fixture.standIn.events()));
    const completed = fixture.received.find((it) => it.type === 'checkout.session.completed')!;
    expect(completed).toMatchObject({
      api_version: Stripe.API_VERSION,
      livemode: false,
      data: { object: { id: session.id } },
    });
    expect(completed.request).toEqual({ id: null, idempotency_key: null });
  });

  it('are snapshots that later changes do not alter', async () => {
    const fixture = await newFixture();
    await fixture.standIn.hold();
    const { payment_intent } = await gift(fixture);
    await fixture.stripe.refunds.create({ payment_intent: payment_intent! });
    await fixture.standIn.flush();
    await fixture.settled();
    const succeeded = fixture.received.find((it) => it.type === 'charge.succeeded')!;
    expect(succeeded.data.object).toMatchObject({ refunded: false, amount_refunded: 0 });
  });

  it('are repeated until the answer is a 2xx, also after an error or a redirect', async () => {
    const fixture = await newFixture();
    fixture.answers.push(500, 503, 302, 404);
    await fixture.stripe.customers.create({ name: 'Ann' });
    await fixture.settled();
    expect(fixture.answers).toEqual([]);
    expect(fixture.received.map((it) => it.type)).toEqual(['customer.created']);
  });

  it('wait until an endpoint is set, and are listed as undelivered until then', async () => {
    const fixture = await newFixture();
    await fixture.standIn.setWebhook(undefined);
    const { id } = await fixture.stripe.customers.create({ name: 'Ann' });
    expect((await fixture.stripe.events.list({ delivery_success: false })).data).toMatchObject([
      { data: { object: { id } } },
    ]);
    await fixture.standIn.setWebhook(fixture.endpoint);
    await fixture.settled();
    expect(fixture.received).toHaveLength(1);
    expect((await fixture.stripe.events.list({ delivery_success: false })).data).toEqual([]);
  });

  it('are held on request, and then sent one after another in a chosen order', async () => {
    const fixture = await newFixture();
    await fixture.standIn.hold();
    await gift(fixture);
    const ids = (await fixture.standIn.events()).map((it) => it.id).reverse();
    expect(fixture.received).toEqual([]);
    expect(await fixture.standIn.flush(ids)).toEqual(ids.map(() => 200));
    expect(fixture.received.map((it) => it.id)).toEqual(ids);
    await gift(fixture);
    await fixture.settled();
    expect(fixture.received).toHaveLength(ids.length * 2);
  });

  it('are sent once more on request, with a fault if requested', async () => {
    const fixture = await newFixture();
    await fixture.stripe.customers.create({ name: 'Ann' });
    await fixture.settled();
    const { id } = fixture.received[0]!;
    const send = (attempt: Parameters<typeof fixture.standIn.deliver>[1]) => fixture.standIn.deliver(id, attempt);
    expect(await send({})).toBe(200);
    expect(fixture.received.map((it) => it.id)).toEqual([id, id]);
    expect(await send({ signature: 'wrong' })).toBe(400);
    expect(await send({ signature: 'missing' })).toBe(400);
    expect(await send({ secret: 'whsec_other' })).toBe(400);
    expect(await send({ age: 290 })).toBe(200);
    expect(await send({ age: 310 })).toBe(400);
    expect(fixture.refused.at(-1)).toMatch(/[Tt]imestamp/);
    expect(await send({ changes: { livemode: true, api_version: '2020-08-27' } })).toBe(200);
    expect(fixture.received.at(-1)).toMatchObject({ id, livemode: true, api_version: '2020-08-27' });
  });

  it('are duplicated, dropped, shuffled, left out or badly signed on request, the same for each seed', async () => {
    const fixture = await newFixture();
    const made = async (disturbance: Parameters<typeof fixture.standIn.disturb>[0]) => {
      await fixture.standIn.disturb(disturbance);
      const [events, received] = [(await fixture.standIn.events()).length, fixture.received.length];
      for (let i = 0; i < 5; i++) await gift(fixture);
      await fixture.settled();
      const listed = (await fixture.standIn.events()).slice(events);
      return { listed, received: fixture.received.slice(received) };
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

    await fixture.standIn.disturb({ shuffle: true, seed: 3 });
    await fixture.standIn.hold();
    for (let i = 0; i < 2; i++) await gift(fixture);
    const order = (await fixture.standIn.events()).slice(-10).map((it) => it.id);
    const before = fixture.received.length;
    await fixture.standIn.flush();
    await fixture.settled();
    expect(fixture.received.slice(before).map((it) => it.id)).not.toEqual(order);
    expect(idsOf(fixture.received.slice(before))).toEqual([...order].sort());

    await fixture.standIn.disturb({ signature: 'wrong' });
    const count = fixture.received.length;
    await fixture.stripe.customers.create({});
    await until('a refusal', () => fixture.refused.length > 0);
    expect(fixture.received).toHaveLength(count);
    await fixture.standIn.disturb();
    await fixture.settled();
    expect(fixture.received).toHaveLength(count + 1);
  });
});

describe('the state file', () => {
  it('keeps objects, keys, the clock and undelivered events over a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stripe-stand-in-'));
    try {
      const statePath = join(folder, 'stripe.json');
      const first = await newFixture({ statePath });
      const session = await first.session();
      const key = { idempotencyKey: 'kept' };
      const customer = await first.stripe.customers.create({ name: 'Ann' }, key);
      await first.settled();
      await first.standIn.hold();
      await first.standIn.pay(session.id);
      await first.standIn.advance(3600);
      const events = await first.standIn.events();
      // The stand-in still runs, and everything that was answered is already in the file.
      expect(JSON.parse(await readFile(statePath, 'utf8'))).toHaveProperty(
        ['objects', 'checkout.session', session.id, 'status'],
        'complete',
      );
      expect(await readdir(folder)).toEqual(['stripe.json']);
      await open.splice(0)[0]!.close();

      const second = await newFixture({ statePath, webhookSecret: first.standIn.webhookSecret });
      await second.settled();
      expect(second.received).toHaveLength(5);
      expect(await second.standIn.events()).toHaveLength(events.length);
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
  const send = (fixture: StripeFixture, command: string, args: unknown, type = 'application/json') =>
    fetch(`${fixture.standIn.url}/__standin/${command}`, {
      method: 'POST',
      body: JSON.stringify(args),
      headers: { 'content-type': type },
    });

  it('runs the same commands as the methods', async () => {
    const fixture = await newFixture();
    const session = await fixture.session();
    const answer = await send(fixture, 'pay', [session.id, 'bank_debit', { email: 'ann@example.org' }]);
    expect(await answer.json()).toMatchObject({ status: 'complete', payment_status: 'unpaid' });
    expect((await send(fixture, 'settle', [session.id, 'failed'])).status).toBe(200);
    expect(await fixture.eventTypes()).toContain('checkout.session.async_payment_failed');
    expect((await send(fixture, 'settle', ['pi_none'])).status).toBe(404);
  });

  it('refuses unknown commands and bodies that are no JSON, so that no foreign page can call it', async () => {
    const fixture = await newFixture();
    expect((await send(fixture, 'close', [])).status).toBe(404);
    expect((await send(fixture, 'hold', [], 'text/plain')).status).toBe(400);
    expect((await send(fixture, 'hold', { all: true })).status).toBe(400);
    expect((await fetch(`${fixture.standIn.url}/__standin/events`)).status).toBe(404);
    const asked = await fetch(`${fixture.standIn.url}/__standin/hold`, {
      method: 'OPTIONS',
      headers: { origin: 'http://evil.example' },
    });
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
  });
});
