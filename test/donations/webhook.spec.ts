import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { RefusedWebhooks } from '../../src/donations/events/refused-webhooks.js';
import { TestApp } from '../support/app.js';
import { postWebhook, signature, stripeEvent, WEBHOOK_SECRET } from '../support/stripe.js';
import { until } from '../support/until.js';
import { DonationsFixture } from './donations-fixture.js';

const SECOND = 'whsec_secondofthetests';
const MINUTE = 60_000;

describe('the webhook of Stripe', () => {
  let fixture: DonationsFixture;

  beforeAll(async () => {
    fixture = await DonationsFixture.start({ env: { STRIPE_WEBHOOK_SECRET: `${WEBHOOK_SECRET},${SECOND}` } });
  });
  afterAll(() => fixture.close());

  const anEvent = (over: Record<string, unknown> = {}): string =>
    stripeEvent(
      'payment_intent.created',
      { id: 'pi_made_up', object: 'payment_intent', description: 'Ærlig støtte ✓' },
      over,
    );
  const storedCount = async (event: string): Promise<number> =>
    (await fixture.app.sql('select 1 from stripe_events where id = $1', [(JSON.parse(event) as { id: string }).id]))
      .length;
  const send = (body: string, headers: Record<string, string>) => postWebhook(fixture.app, body, headers);
  const refuses = async (body: string, headers: Record<string, string>): Promise<void> => {
    const response = await send(body, headers);
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, 'webhook.refused']);
    expect(await storedCount(body)).toBe(0);
  };

  it('accepts an event that either of two secrets signed, while one replaces the other', async () => {
    for (const secret of [WEBHOOK_SECRET, SECOND]) {
      const event = anEvent();
      const response = await send(event, { 'stripe-signature': signature(event, secret) });
      expect([response.status, await response.json()]).toEqual([200, { received: true }]);
      expect(await storedCount(event)).toBe(1);
    }
    // Stripe signs with both secrets while it replaces one by the other.
    const event = anEvent();
    const [t, v1] = signature(event, 'whsec_unknown').split(',');
    const ours = signature(event).split(',')[1];
    expect((await send(event, { 'stripe-signature': `${t},${v1},${ours}` })).status).toBe(200);
  });

  it('stores the bytes as they came', async () => {
    const event = anEvent().replace('{"id"', '{ "nul": "\\u0000",   "id"');
    expect((await send(event, { 'stripe-signature': signature(event) })).status).toBe(200);
    const [row] = await fixture.app.sql<{ payload: string }>(
      'select payload::text as payload from stripe_events where id = $1',
      [(JSON.parse(event) as { id: string }).id],
    );
    expect(row!.payload).toBe(event);
  });

  it('refuses bad, missing, old, early and doubled signatures, and stores no row', async () => {
    const event = anEvent();
    const good = signature(event);
    await refuses(event, {});
    for (const bad of [
      signature(event, 'whsec_unknown'),
      signature(event, ''),
      good.replace('v1=', 'v0='),
      good.replace(/.$/, (it) => (it === '0' ? '1' : '0')),
      good.slice(0, -2),
      'nonsense',
      't=,v1=',
      `t=${Date.now()}`,
      `${good},t=${Math.floor(Date.now() / 1000)}`,
      signature(event, WEBHOOK_SECRET, Date.now() - 6 * MINUTE),
      signature(event, WEBHOOK_SECRET, Date.now() + 6 * MINUTE),
    ])
      await refuses(event, { 'stripe-signature': bad });
    for (const near of [-4 * MINUTE, 4 * MINUTE]) {
      const other = anEvent();
      const sent = signature(other, WEBHOOK_SECRET, Date.now() + near);
      expect((await send(other, { 'stripe-signature': sent })).status).toBe(200);
    }
    expect(await twoHeaders(event, good)).toBe(400);
    expect(await storedCount(event)).toBe(0);
  });

  it('refuses an event that was altered by a byte or serialised again', async () => {
    const event = anEvent();
    const headers = { 'stripe-signature': signature(event) };
    await refuses(event.replace('Ærlig', 'Arlig'), headers);
    await refuses(`${event} `, headers);
    await refuses(JSON.stringify(JSON.parse(event), null, 1), headers);
    // A lenient decoder would take these bytes for the same text.
    const text = event.replace('✓', '\ufffd');
    const bytes = Buffer.from(text);
    const at = bytes.indexOf('\ufffd');
    const unreadable = Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff]), bytes.subarray(at + 3)]);
    for (const [signed, sent] of [
      [event, Buffer.from(`\ufeff${event}`)],
      [text, unreadable],
    ] as const) {
      const answer = await postWebhook(fixture.app, sent, { 'stripe-signature': signature(signed) });
      expect([answer.status, await storedCount(event)]).toEqual([400, 0]);
    }
  });

  it('refuses a signed body that is no event', async () => {
    for (const body of [
      '{',
      '[]',
      'null',
      '{"id":"evt_none","object":"charge"}',
      '{"object":"v2.core.event","id":"evt_none"}',
    ]) {
      const response = await send(body, { 'stripe-signature': signature(body) });
      expect([body, response.status]).toEqual([body, 400]);
    }
  });

  it('accepts an event of 1 MB, and refuses one of 2 MB with 400', async () => {
    const sized = (bytes: number): string => {
      const event = anEvent({ filler: '' });
      return event.replace('"filler":""', `"filler":"${'x'.repeat(bytes - Buffer.byteLength(event))}"`);
    };
    const [one, two] = [sized(1_048_576), sized(2_097_152)];
    expect(Buffer.byteLength(one)).toBe(1_048_576);
    expect((await send(one, { 'stripe-signature': signature(one) })).status).toBe(200);
    expect(await storedCount(one)).toBe(1);
    await refuses(two, { 'stripe-signature': signature(two) });
    // The other routes keep their own limit.
    const large = await fixture.app.anonymous().post('/donations', { filler: 'x'.repeat(70_000) });
    expect([large.status, large.body.code]).toEqual([413, 'request.too_large']);
  });

  it('does not read a body without a signature header, and reads a limited number of large ones at once', async () => {
    const LARGEST = 1_500_000;
    /** Sends the headers without the body, so that an answer proves that the body was not awaited. */
    const announce = (headers: Record<string, string>) => {
      const sending = request(`${fixture.app.url}/api/v1/webhooks/stripe`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
      });
      const answer = new Promise<IncomingMessage | undefined>((resolve) => {
        sending.on('response', (it) => resolve(it.resume())).on('error', () => resolve(undefined));
      });
      sending.flushHeaders();
      return { answer, sending };
    };
    const good = { 'stripe-signature': signature('whatever') };
    const large = { 'content-length': String(LARGEST) };
    for (const bad of [{}, { 'stripe-signature': 't=1,v1=00' }, { 'stripe-signature': signature('').split(',')[1]! }])
      for (const length of [large, { 'transfer-encoding': 'chunked' }]) {
        const { answer, sending } = announce({ ...bad, ...length });
        expect((await answer)!.statusCode).toBe(400);
        sending.destroy();
      }

    // The bodies of eight are awaited. The ninth is refused at once, and an event of common size still passes.
    const lengths = [large, { 'transfer-encoding': 'chunked' }];
    const nine = Array.from({ length: 9 }, (_it, i) => announce({ ...good, ...lengths[i % 2] }));
    const answered: (IncomingMessage | undefined)[] = [];
    for (const it of nine) void it.answer.then((answer) => answered.push(answer));
    await until('the room to be full', () => answered.length);
    const common = anEvent();
    expect((await send(common, { 'stripe-signature': signature(common) })).status).toBe(200);
    expect(answered.map((it) => [it?.statusCode, it?.headers['retry-after']])).toEqual([[503, '5']]);
    for (const { sending } of nine) sending.destroy();
    const event = anEvent({ filler: 'x'.repeat(1_000_000) });
    const headers = { 'stripe-signature': signature(event) };
    await until('room again', async () => (await send(event, headers)).status === 200);
  });

  it('refuses an event of test mode in live mode, and the other way round', async () => {
    const live = anEvent({ livemode: true });
    await refuses(live, { 'stripe-signature': signature(live) });
    const liveApp = await TestApp.start({
      env: {
        STRIPE_SECRET_KEY: 'sk_live_ofthetests',
        STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
        PUBLIC_URL: 'https://talk.example',
        ROLE: 'web',
      },
      database: fixture.app.database,
      logger: false,
    });
    try {
      const testEvent = anEvent();
      const headers = (body: string) => ({ 'stripe-signature': signature(body) });
      expect((await postWebhook(liveApp, testEvent, headers(testEvent))).status).toBe(400);
      expect(await storedCount(testEvent)).toBe(0);
      expect((await postWebhook(liveApp, live, headers(live))).status).toBe(200);
      expect(await storedCount(live)).toBe(1);
    } finally {
      await liveApp.stop();
    }
  });

  // It moves the clock, so it comes last.
  it('says what to do when a proxy, a setting or the endpoint at Stripe is wrong, and logs it in one line', async () => {
    await fixture.stripe.setWebhook(undefined);
    const report = (): void => fixture.app.get(RefusedWebhooks).report();
    const quarter = async (): Promise<void> => {
      await fixture.app.clock.advance(15 * MINUTE);
      report();
    };
    await quarter();
    const warned = jest.spyOn(Logger.prototype, 'warn');
    try {
      const event = anEvent();
      const now = fixture.app.clock.now().getTime();
      const signed = (body: string, at = now): Record<string, string> => ({
        'stripe-signature': signature(body, WEBHOOK_SECRET, at),
      });
      const thin = JSON.stringify({ id: 'evt_thin', object: 'v2.core.event', type: 'v1.charge.succeeded' });
      const other = anEvent({ livemode: true });
      for (const [body, headers, says] of [
        [event, {}, 'Let your proxy pass it on unchanged'],
        [event, { ...signed(event), 'content-type': 'text/plain' }, 'Stripe sends application/json'],
        [event, signed('another'), 'Set STRIPE_WEBHOOK_SECRET'],
        [event, signed(event, now - 6 * MINUTE), 'Set the clock'],
        [event, signed(event, now + 6 * MINUTE), 'Set the clock'],
        [thin, signed(thin), 'payload style "Snapshot"'],
        ['[]', signed('[]'), 'no event of Stripe'],
        [other, signed(other), 'the other mode'],
      ] as const) {
        const response = await send(body, headers);
        const { code, detail } = (await response.json()) as { code: string; detail: string };
        expect([response.status, code, detail]).toEqual([400, 'webhook.refused', expect.stringContaining(says)]);
      }
      const withSlash = await fetch(`${fixture.app.url}/api/v1/webhooks/stripe/`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signed(event) },
        body: event,
      });
      expect([withSlash.status, ((await withSlash.json()) as { detail: string }).detail]).toEqual([
        404,
        expect.stringContaining('Remove the slash at the end'),
      ]);
      expect(await storedCount(event)).toBe(0);

      const lines = () => warned.mock.calls.map(([it]) => String(it)).filter((it) => / refused: /.test(it));
      expect(lines()).toEqual([]);
      await quarter();
      expect(lines()).toHaveLength(1);
      for (const part of [
        '9 webhooks were refused',
        '2 signed more than five minutes',
        '1 signed by no secret',
        'slash',
      ])
        expect(lines()[0]).toContain(part);
      // The next line waits for the next quarter of an hour, and one without refusals is not written.
      await send(event, {});
      report();
      expect(lines()).toHaveLength(1);
      await quarter();
      await quarter();
      expect(lines()).toHaveLength(2);
      expect(lines()[1]).toMatch(/^1 webhook was refused: 1 without a well-formed/);
    } finally {
      warned.mockRestore();
    }
  });

  /** Sends the header twice, which fetch would join. */
  const twoHeaders = (body: string, header: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const sending = request(`${fixture.app.url}/api/v1/webhooks/stripe`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'stripe-signature': [header, header] },
      });
      sending.on('response', (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      sending.on('error', reject);
      sending.end(body);
    });
});
