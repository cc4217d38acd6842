import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import type { LiveClient } from '../support/actor.js';
import { SITE, TestApp } from '../support/app.js';
import { until } from '../support/until.js';
import { Fingerprints } from './fingerprint.js';
import { buildApiFixture, type ApiFixture } from './api-fixture.js';

describe('bad input: sockets', () => {
  let app: TestApp;
  let api: ApiFixture;
  let fingerprints: Fingerprints;
  let live: LiveClient;

  beforeAll(async () => {
    app = await TestApp.start({ env: { ROLE: 'web' } });
    api = await buildApiFixture(app);
    fingerprints = await Fingerprints.of(app.database.url);
  });
  afterAll(async () => {
    await fingerprints.close();
    await app.stop();
  });

  /** Sends messages on a new socket, because a socket has a limit of operations a second. */
  const refused = async (code: string, messages: unknown[]): Promise<void> => {
    live = await api.ann.connect();
    const before = await fingerprints.take();
    for (const message of messages) expect([message, await live.op(message)]).toEqual([message, { ok: false, code }]);
    expect(await fingerprints.take()).toEqual(before);
    expect([live.socket.connected, live.disconnects]).toEqual([true, 0]);
  };

  it('refuses messages that are no operation', () =>
    refused('request.invalid', [
      null,
      7,
      'join',
      [],
      {},
      { op: 'nothing' },
      { op: ['join'], article: 'x' },
      { op: 'typing', article: api.key },
      Buffer.from('join'),
    ]));

  it('refuses wrong types, unknown keys and impossible values', () =>
    refused('request.invalid', [
      { op: 'join' },
      { op: 'join', article: 7 },
      { op: 'join', article: '' },
      { op: 'join', article: 'x'.repeat(201) },
      { op: 'join', article: 'a\u0000b' },
      { op: 'join', article: api.key, after: -1 },
      { op: 'join', article: api.key, after: '0' },
      { op: 'join', article: api.key, after: 1.5 },
      { op: 'join', article: api.key, after: 1e300 },
      { op: 'join', article: api.key, surplus: 1 },
      { op: 'leave' },
      { op: 'leave', article: null },
      { op: 'auth' },
      { op: 'auth', ticket: 'short' },
      { op: 'auth', ticket: { $ne: null } },
    ]));

  it('refuses unknown articles and tickets', async () => {
    await refused('article.not_found', [{ op: 'join', article: 'nothing' }]);
    await refused('ticket.invalid', [{ op: 'auth', ticket: 'x'.repeat(43) }]);
  });

  it('still serves the socket after the refused messages', async () => {
    expect(await live.join(api.key)).toMatchObject({ ok: true, article: api.key });
  });

  it('limits a flooding socket without closing it', async () => {
    const flood = await api.ben.connect();
    const acks = await Promise.all(Array.from({ length: 200 }, () => flood.op({ op: 'leave', article: api.key })));
    expect(acks.filter((it) => it.code === 'rate.limited').length).toBeGreaterThan(50);
    expect(flood.socket.connected).toBe(true);
  });

  it('closes only the socket that sends a far too long message', async () => {
    const large = await api.ben.connect();
    large.socket.io.reconnection(false);
    large.socket.emit('op', { op: 'join', article: 'x'.repeat(50_000) });
    await until('the end of the connection', () => large.disconnects === 1);
    expect((await api.nobody.get('/health/ready')).status).toBe(200);
    expect(live.socket.connected).toBe(true);
  });

  it('refuses other origins and other transports', async () => {
    const attempt = (origin: string, transports: ('websocket' | 'polling')[]): Promise<string> =>
      new Promise((resolve) => {
        const socket = io(app.url, {
          path: '/live',
          transports,
          forceNew: true,
          reconnection: false,
          extraHeaders: { origin, cookie: api.mod.cookieHeader },
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
