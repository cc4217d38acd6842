import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createPublicKey, verify } from 'node:crypto';
import { Config } from '../../src/config/config.js';
import { PushKeys } from '../../src/notifications/push/push-keys.service.js';
import type { Attempt } from '../../src/notifications/push/push.types.js';
import { TestApp } from '../support/app.js';
import { TestClock } from '../support/test-clock.js';
import { FakePushService } from './fake-push-service.js';
import { FreshSender, pushMessage, pushTarget } from './fresh-sender.js';

const HOUR = 3_600_000;

/** Of `vapid t=..., k=...` (RFC 8292 3): the token's claims, once its signature is proven to be k's. */
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

  it('are made once for an origin and a key, are true, and say for whom and until when', async () => {
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

  it('are renewed after half their time', async () => {
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

  it('are of the key that the subscription was made with, also when there is a newer one', async () => {
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
    expect(new Set(keyIds).size).toBe(3); // encrypted anew, too
  });

  it.each([401, 403])(
    'are made anew after the clock was put back, also when refused with %i at once',
    async (status) => {
      await app.clock.advance(24 * HOUR);
      await send();
      await app.clock.advance(-24 * HOUR);
      pushService.answer = ({ headers }) => ({ status: headers.authorization === used()[0] ? status : 201 });
      expect((await send()).kind).toBe('accepted');
    },
  );

  it.each([401, 403])('are not made anew when a fresh one is refused with %i', async (status) => {
    await send();
    await app.clock.advance(59_000);
    pushService.answer = () => ({ status });
    expect(await send()).toMatchObject({ kind: 'retry', after: 60 });
    expect(pushService.deliveries).toHaveLength(2);
  });
});

describe('when a service refuses our signatures', () => {
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
  const SECOND_OPINION: Attempt = { attempt: 2, doubted: true };
  const send = async (its = FIRST, host?: string) =>
    (await fresh.sender.send(await pushTarget(app, host ? { host } : {}), pushMessage(), its)).kind;
  const times = async (count: number, its = FIRST): Promise<string[]> => {
    const kinds: string[] = [];
    for (let i = 0; i < count; i += 1) kinds.push(await send(its));
    return kinds;
  };

  /** In one turn of the loop. */
  const atOnce = async (count: number, its = FIRST): Promise<string[]> => {
    const targets = await Promise.all(Array.from({ length: count }, () => pushTarget(app)));
    const outcomes = await Promise.all(targets.map((it) => fresh.sender.send(it, pushMessage(), its)));
    return outcomes.map((it) => it.kind).sort();
  };

  it('all of them, the origin is left alone and nothing is marked; the others go on', async () => {
    pushService.answer = ({ host }) => ({ status: host === 'fcm.googleapis.com' ? 403 : 201 });
    expect(await times(7)).toEqual(['retry', 'retry', 'retry', 'retry', 'paused', 'paused', 'paused']);
    expect(pushService.deliveries).toHaveLength(5);
    expect(await times(3, SECOND_OPINION)).toEqual(['paused', 'paused', 'paused']); // the second opinions too
    expect(pushService.deliveries).toHaveLength(5);
    expect(await send(FIRST, 'web.push.apple.com')).toBe('accepted');
  });

  it('after an outage, so that no try is a first one: it is news all the same', async () => {
    pushService.answer = () => ({ status: 403 });
    expect(await times(6, { attempt: 3 })).toEqual(['retry', 'retry', 'retry', 'retry', 'paused', 'paused']);
  });

  it('one message tries it out after five minutes: refused, and all wait again; taken, and all go', async () => {
    pushService.answer = () => ({ status: 401 });
    await times(5);
    await clock.advance(5 * 60_000);
    expect(await atOnce(3, SECOND_OPINION)).toEqual(['paused', 'paused', 'paused']);
    // One message, for which the signature was made anew.
    expect([new Set(pushService.deliveries.map((it) => it.path)).size, pushService.deliveries.length]).toEqual([6, 7]);
    await clock.advance(5 * 60_000);
    pushService.answer = () => ({ status: 201 });
    expect(await atOnce(3)).toEqual(['accepted', 'paused', 'paused']);
    expect(await times(3)).toEqual(['accepted', 'accepted', 'accepted']);
  });

  it('the one that was refused comes after those that were not tried: it may be alone with that', async () => {
    pushService.answer = () => ({ status: 403 });
    await times(5);
    await clock.advance(5 * 60_000);
    const after = async () =>
      (await fresh.sender.send(await pushTarget(app), pushMessage())) as { kind: string; after: number };
    const [tried, held] = [await after(), await after()];
    expect([tried.kind, held.kind]).toEqual(['paused', 'paused']);
    expect(tried.after).toBeGreaterThan(held.after + 15);
  });

  it('rests five minutes also when the clock is put back by a day', async () => {
    pushService.answer = () => ({ status: 403 });
    await times(5);
    await clock.advance(-24 * HOUR);
    expect(await send()).toBe('paused');
    await clock.advance(5 * 60_000);
    pushService.answer = () => ({ status: 201 });
    expect(await times(2)).toEqual(['accepted', 'accepted']);
  });

  it('few of many, those are marked and nobody waits', async () => {
    let sent = 0;
    pushService.answer = () => ({ status: (sent += 1) % 10 ? 201 : 403 });
    const kinds = await times(100);
    expect(kinds.filter((it) => it === 'retry')).toHaveLength(10);
    expect(kinds.filter((it) => it === 'accepted')).toHaveLength(90);
    pushService.answer = () => ({ status: 403 });
    expect(await times(10, SECOND_OPINION)).toEqual(Array.from({ length: 10 }, () => 'key_mismatch'));
    pushService.answer = () => ({ status: 201 });
    expect(await send()).toBe('accepted');
  });
});
