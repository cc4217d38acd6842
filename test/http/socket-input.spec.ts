import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import type { LiveClient } from '../support/actor.js';
import { SITE, TestApp } from '../support/app.js';
import { until } from '../support/until.js';
import { Fingerprints } from './fingerprint.js';
import { buildWorld, type ApiFixture } from './api-fixture.js';

describe('bad input: sockets', () => {
  let app: TestApp;
  let world: ApiFixture;
  let fingerprints: Fingerprints;
  let live: LiveClient;

  beforeAll(async () => {
    app = await TestApp.start({ env: { ROLE: 'web' } });
    world = await buildWorld(app);
    fingerprints = await Fingerprints.of(app.database.url);
  });
  afterAll(async () => {
    await fingerprints.close();
    await app.stop();
  });

  /** A fresh socket for each: there is a limit of operations a second. */
  const refused = async (code: string, messages: unknown[]): Promise<void> => {
    live = await world.ann.connect();
    const before = await fingerprints.take();
    for (const message of messages) expect([message, await live.op(message)]).toEqual([message, { ok: false, code }]);
    expect(await fingerprints.take()).toEqual(before);
    expect([live.socket.connected, live.disconnects]).toEqual([true, 0]);
  };

  it('refuses what is no operation', () =>
    refused('request.invalid', [
      null,
      7,
      'join',
      [],
      {},
      { op: 'nothing' },
      { op: ['join'], article: 'x' },
      { op: 'typing', article: world.key },
      Buffer.from('join'),
    ]));

  it('refuses wrong types, unknown keys and impossible values', () =>
    refused('request.invalid', [
      { op: 'join' },
      { op: 'join', article: 7 },
      { op: 'join', article: '' },
      { op: 'join', article: 'x'.repeat(201) },
      { op: 'join', article: 'a\u0000b' },
      { op: 'join', article: world.key, after: -1 },
      { op: 'join', article: world.key, after: '0' },
      { op: 'join', article: world.key, after: 1.5 },
      { op: 'join', article: world.key, after: 1e300 },
      { op: 'join', article: world.key, surplus: 1 },
      { op: 'leave' },
      { op: 'leave', article: null },
      { op: 'auth' },
      { op: 'auth', ticket: 'short' },
      { op: 'auth', ticket: { $ne: null } },
    ]));

  it('answers articles and tickets that do not exist', async () => {
    await refused('article.not_found', [{ op: 'join', article: 'nothing' }]);
    await refused('ticket.invalid', [{ op: 'auth', ticket: 'x'.repeat(43) }]);
  });

  it('still serves the socket that sent all this', async () => {
    expect(await live.join(world.key)).toMatchObject({ ok: true, article: world.key });
  });

  it('slows down who floods, without hanging up', async () => {
    const flood = await world.ben.connect();
    const acks = await Promise.all(Array.from({ length: 200 }, () => flood.op({ op: 'leave', article: world.key })));
    expect(acks.filter((it) => it.code === 'rate.limited').length).toBeGreaterThan(50);
    expect(flood.socket.connected).toBe(true);
  });

  it('hangs up on a message that is far too long, and on it alone', async () => {
    const large = await world.ben.connect();
    large.socket.io.reconnection(false);
    large.socket.emit('op', { op: 'join', article: 'x'.repeat(50_000) });
    await until('the end of the connection', () => large.disconnects === 1);
    expect((await world.nobody.get('/health/ready')).status).toBe(200);
    expect(live.socket.connected).toBe(true);
  });

  it('lets no other site in, and no other transport', async () => {
    const attempt = (origin: string, transports: ('websocket' | 'polling')[]): Promise<string> =>
      new Promise((resolve) => {
        const socket = io(app.url, {
          path: '/live',
          transports,
          forceNew: true,
          reconnection: false,
          extraHeaders: { origin, cookie: world.mod.cookieHeader },
        });
        const end = (outcome: string) => () => {
          socket.close();
          resolve(outcome);
        };
        socket.once('connect', end('in'));
        socket.once('connect_error', end('refused'));
      });
    expect(await attempt(SITE, ['websocket'])).toBe('in');
    for (const origin of ['https://evil.example', 'null', `${SITE}.evil.example`])
      expect([origin, await attempt(origin, ['websocket'])]).toEqual([origin, 'refused']);
    expect(await attempt(SITE, ['polling'])).toBe('refused');
  });
});
