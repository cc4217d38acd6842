import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createPublicKey, verify } from 'node:crypto';
import { Config } from '../../src/config/config.js';
import { PushKeys } from '../../src/notifications/push/push-keys.service.js';
import type { Attempt } from '../../src/notifications/push/push.types.js';
import { TestApp } from '../support/app.js';
import { TestClock } from '../support/test-clock.js';
import { FakePushService } from '../support/fake-push-service.js';
import { FreshSender, pushMessage, pushTarget } from './fresh-sender.js';

const HOUR = 3_600_000;

/** Verifies the header `vapid t=..., k=...` (RFC 8292 3). @returns its key and claims */
function proven(header: string | undefined): { key: string; claims: { aud: string; exp: number; sub: string } } {
  const [, head = '', body = '', signature = '', key = ''] = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(
    header ?? '',
  )!;
  const point = Buffer.from(key, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((it) => it.toString('base64url'));
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: x!, y: y! } });
  const isTrue = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  expect(isTrue).toBe(true);
  expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ typ: 'JWT', alg: 'ES256' });
  return { key, claims: JSON.parse(Buffer.from(body, 'base64url').toString()) as never };
}

describe('signatures', () => {
  let app: TestApp;
  let pushService: FakePushService;
  let fresh: FreshSender;

  beforeAll(async () => {
    app = await TestApp.start({ env: { ROLE: 'web' }, logger: false });
    pushService = await FakePushService.start();
  });
  afterAll(async () => {
    await pushService.stop();
    await app.stop();
  });
  beforeEach(() => {
    pushService.clear();
    fresh = new FreshSender(app, pushService.network());
  });
  afterEach(() => fresh.close());

  const used = () => pushService.deliveries.map((it) => it.headers.authorization);
  const send = async (host?: string) => fresh.sender.send(await pushTarget(app, host ? { host } : {}), pushMessage());

  it('are made once for an origin and a key, are valid, and name audience and expiry', async () => {
    const { publicKey } = await app.get(PushKeys).current();
    for (const host of ['fcm.googleapis.com', 'fcm.googleapis.com', 'web.push.apple.com']) await send(host);
    expect(used()[1]).toBe(used()[0]);
    for (const [index, aud] of [
      [0, 'https://fcm.googleapis.com'],
      [2, 'https://web.push.apple.com'],
    ] as const) {
      const { key, claims } = proven(used()[index]);
      expect([key, claims.aud, claims.sub]).toEqual([publicKey, aud, app.get(Config).vapidSubject]);
      const seconds = claims.exp - Date.now() / 1_000;
      expect([seconds > 11.9 * 3_600, seconds <= 12 * 3_600]).toEqual([true, true]);
    }
  });

  it('are renewed after half of their lifetime', async () => {
    await send();
    await app.clock.advance(6 * HOUR - 60_000);
    await send();
    await app.clock.advance(120_000);
    await send();
    const [first, second, third] = used();
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    proven(third);
  });

  it('use the key of the subscription, also when there is a newer one', async () => {
    const old = await app.get(PushKeys).current();
    await app.sql('update push_keys set retired_at = now()');
    const node = await TestApp.start({ env: { ROLE: 'web' }, database: app.database });
    try {
      const renewed = new FreshSender(node, pushService.network());
      await renewed.sender.send(await pushTarget(node, { keyId: old.id }), pushMessage());
      await renewed.sender.send(await pushTarget(node), pushMessage());
      await renewed.close();
      const current = await node.get(PushKeys).current();
      expect(used().map((it) => proven(it).key)).toEqual([old.publicKey, current.publicKey]);
      expect(current.publicKey).not.toBe(old.publicKey);
    } finally {
      await node.stop();
    }
  });

  it.each([401, 403])('are made anew once when an older one is refused with %i', async (status) => {
    await send();
    await app.clock.advance(61_000);
    pushService.answer = ({ headers }) => ({ status: headers.authorization === used()[0] ? status : 201 });
    expect((await send()).kind).toBe('accepted');
    expect(used()).toEqual([used()[0], used()[0], expect.not.stringMatching(used()[0]!)]);
    const keyIds = pushService.deliveries.map((it) => it.body.subarray(0, 86).toString('hex'));
    expect(new Set(keyIds).size).toBe(3); // the message was encrypted anew, too
  });

  it.each([401, 403])(
    'are made anew after the clock was set back, also when refused with %i at once',
    async (status) => {
      await app.clock.advance(24 * HOUR);
      await send();
      await app.clock.advance(-24 * HOUR);
      pushService.answer = ({ headers }) => ({ status: headers.authorization === used()[0] ? status : 201 });
      expect((await send()).kind).toBe('accepted');
    },
  );

  it.each([401, 403])('are not made anew when a new one is refused with %i', async (status) => {
    await send();
    await app.clock.advance(59_000);
    pushService.answer = () => ({ status });
    expect(await send()).toMatchObject({ kind: 'retry', after: 60 });
    expect(pushService.deliveries).toHaveLength(2);
  });
});

describe('the circuit of refused signatures', () => {
  let app: TestApp;
  let pushService: FakePushService;
  let fresh: FreshSender;
  const clock = new TestClock(true);

  beforeAll(async () => {
    app = await TestApp.start({ env: { ROLE: 'web' }, clock, logger: false });
    pushService = await FakePushService.start();
  });
  afterAll(async () => {
    await pushService.stop();
    await app.stop();
  });
  beforeEach(() => {
    pushService.deliveries.length = 0;
    fresh = new FreshSender(app, pushService.network());
  });
  afterEach(() => fresh.close());

  const FIRST: Attempt = {};
  const DOUBTED: Attempt = { attempt: 2, doubted: true };
  const send = async (its = FIRST, host?: string) =>
    (await fresh.sender.send(await pushTarget(app, host ? { host } : {}), pushMessage(), its)).kind;
  const times = async (count: number, its = FIRST): Promise<string[]> => {
    const kinds: string[] = [];
    for (let i = 0; i < count; i += 1) kinds.push(await send(its));
    return kinds;
  };

  /** Sends messages in one turn of the event loop. */
  const atOnce = async (count: number, its = FIRST): Promise<string[]> => {
    const targets = await Promise.all(Array.from({ length: count }, () => pushTarget(app)));
    const outcomes = await Promise.all(targets.map((it) => fresh.sender.send(it, pushMessage(), its)));
    return outcomes.map((it) => it.kind).sort();
  };

  it('opens for one origin and ends no subscription when the service refuses all signatures', async () => {
    pushService.answer = ({ host }) => ({ status: host === 'fcm.googleapis.com' ? 403 : 201 });
    expect(await times(7)).toEqual(['retry', 'retry', 'retry', 'retry', 'paused', 'paused', 'paused']);
    expect(pushService.deliveries).toHaveLength(5);
    // the confirming attempts are held back, too
    expect(await times(3, DOUBTED)).toEqual(['paused', 'paused', 'paused']);
    expect(pushService.deliveries).toHaveLength(5);
    expect(await send(FIRST, 'web.push.apple.com')).toBe('accepted');
  });

  it('opens after an outage as well, when no attempt is the first', async () => {
    pushService.answer = () => ({ status: 403 });
    expect(await times(6, { attempt: 3 })).toEqual(['retry', 'retry', 'retry', 'retry', 'paused', 'paused']);
  });

  it('sends one message as a trial after five minutes, and closes when it is accepted', async () => {
    pushService.answer = () => ({ status: 401 });
    await times(5);
    await clock.advance(5 * 60_000);
    expect(await atOnce(3, DOUBTED)).toEqual(['paused', 'paused', 'paused']);
    // One message was sent twice, the second time with a new signature.
    expect([new Set(pushService.deliveries.map((it) => it.path)).size, pushService.deliveries.length]).toEqual([6, 7]);
    await clock.advance(5 * 60_000);
    pushService.answer = () => ({ status: 201 });
    expect(await atOnce(3)).toEqual(['accepted', 'paused', 'paused']);
    expect(await times(3)).toEqual(['accepted', 'accepted', 'accepted']);
  });

  it('delays the refused message longer than those that were not tried', async () => {
    pushService.answer = () => ({ status: 403 });
    await times(5);
    await clock.advance(5 * 60_000);
    const after = async () =>
      (await fresh.sender.send(await pushTarget(app), pushMessage())) as { kind: string; after: number };
    const [tried, held] = [await after(), await after()];
    expect([tried.kind, held.kind]).toEqual(['paused', 'paused']);
    expect(tried.after).toBeGreaterThan(held.after + 15);
  });

  it('pauses for five minutes also when the clock is set back by a day', async () => {
    pushService.answer = () => ({ status: 403 });
    await times(5);
    await clock.advance(-24 * HOUR);
    expect(await send()).toBe('paused');
    await clock.advance(5 * 60_000);
    pushService.answer = () => ({ status: 201 });
    expect(await times(2)).toEqual(['accepted', 'accepted']);
  });

  it('stays closed when the service refuses few of many, whose keys then mismatch', async () => {
    let sent = 0;
    pushService.answer = () => ({ status: (sent += 1) % 10 ? 201 : 403 });
    const kinds = await times(100);
    expect(kinds.filter((it) => it === 'retry')).toHaveLength(10);
    expect(kinds.filter((it) => it === 'accepted')).toHaveLength(90);
    pushService.answer = () => ({ status: 403 });
    expect(await times(10, DOUBTED)).toEqual(Array.from({ length: 10 }, () => 'key_mismatch'));
    pushService.answer = () => ({ status: 201 });
    expect(await send()).toBe('accepted');
  });
});
