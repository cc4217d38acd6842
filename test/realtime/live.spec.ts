import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Socket as NetSocket } from 'node:net';
import { io } from 'socket.io-client';
import { ApiKeysService } from '../../src/accounts/sessions/api-keys.service.js';
import { EventBus } from '../../src/events/event-bus.js';
import { PostgresNotifyTransport } from '../../src/events/postgres-notify.js';
import { LiveGateway } from '../../src/realtime/live.gateway.js';
import type { LiveServer } from '../../src/realtime/live.types.js';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor, LiveClient } from '../support/actor.js';
import { SITE, TestApp } from '../support/app.js';
import { TestClock } from '../support/test-clock.js';
import { until } from '../support/until.js';

describe('live connection', () => {
  let app: TestApp;
  let ann: Actor;
  let ben: Actor;
  let mod: Actor;
  let publisher: { authorization: string; origin: string };

  beforeAll(async () => {
    app = await TestApp.start();
    [ann, ben, mod] = await Promise.all([
      app.reader('Ann Reader'),
      app.reader('Ben Other'),
      app.reader('Mo Derator', 'moderator'),
    ]);
    publisher = { authorization: `Bearer ${await app.get(ApiKeysService).create('tests')}`, origin: '' };
  });
  afterAll(() => app.stop());

  const items = (live: LiveClient) => live.frames.flatMap((it) => it.items);
  const contiguousFrom = (live: LiveClient, from: number): void => {
    for (const frame of live.frames) {
      expect(frame.from).toBe(from);
      expect(frame.to).toBeGreaterThan(frame.from);
      from = frame.to;
    }
  };

  it('acknowledges first and then sends the frames since `after`', async () => {
    const key = await app.article();
    for (let i = 0; i < 5; i += 1) await ann.comment(key, `Number ${i}`);
    const live = await ben.connect();
    const order: string[] = [];
    live.socket.on('frame', () => order.push('frame'));
    // A callback runs at once; a promise would resolve after a frame that arrived in the same packet.
    const ack = await new Promise((resolve) => {
      live.socket.emit('op', { op: 'join', article: key, after: 2 }, (it: unknown) => {
        order.push('ack');
        resolve(it);
      });
    });
    expect(ack).toEqual({ ok: true, position: 2, article: key });
    await until('what was missed', () => live.frames.at(-1)?.to === 5);
    expect(order[0]).toBe('ack');
    contiguousFrom(live, 2);
    expect(items(live).map((it) => it.position)).toEqual([3, 4, 5]);
  });

  it('follows from now without `after`, and from the end of a page that is ahead of the frames', async () => {
    const key = await app.article();
    const early = await ben.connect();
    await early.join(key);
    await ann.comment(key, 'Before.');
    const live = await ben.connect();
    // The page is read over HTTP while the frame may still be gathered.
    const { body } = await ben.get<Schemas['Thread']>(`/articles/${key}/comments`);
    expect(await live.join(key, body.position)).toMatchObject({ ok: true, position: body.position });
    const later = await ben.connect();
    const { position } = await later.join(key);
    expect(position).toBe(1);
    await ann.comment(key, 'After.');
    for (const it of [live, later]) {
      await until('the frame', () => it.frames.length);
      contiguousFrom(it, 1);
      expect(items(it)).toHaveLength(1);
    }
  });

  it('answers the present position when the log never had the requested one', async () => {
    const key = await app.article();
    await ann.comment(key, 'The only one.');
    const live = await ben.connect();
    expect(await live.join(key, 1_000)).toMatchObject({ ok: true, position: 1 });
  });

  it('sends no more frames after leaving', async () => {
    const key = await app.article();
    const [gone, stays] = [await ben.connect(), await ben.connect()];
    await gone.join(key);
    await stays.join(key);
    expect(await gone.op({ op: 'leave', article: key })).toEqual({ ok: true });
    await ann.comment(key, 'For those who stay.');
    await until('the frame of the other', () => stays.frames.length);
    await gone.op({ op: 'leave', article: key }); // every frame that was sent before this answer has arrived by now
    expect(gone.frames).toEqual([]);
  });

  it('follows once when it joins several times, and not at all when it leaves while catching up', async () => {
    const key = await app.article();
    for (let n = 1; n <= 3; n += 1) await ann.comment(key, `Word ${n}.`);
    const [twice, gone] = [await ben.connect(), await ben.connect()];
    await Promise.all([twice.join(key, 0), twice.join(key, 0), twice.join(key, 0)]);
    await until('what was missed', () => twice.frames.at(-1)?.to === 3);
    await Promise.all([gone.join(key, 0), gone.op({ op: 'leave', article: key })]);
    await ann.comment(key, 'One more.');
    await until('the next frame', () => twice.frames.at(-1)?.to === 4);
    expect(twice.frames.map((it) => [it.from, it.to])).toEqual([
      [0, 3],
      [3, 4],
    ]);
    await gone.op({ op: 'leave', article: key }); // every frame that was sent before this answer has arrived by now
    expect(gone.frames.filter((it) => it.to === 4)).toEqual([]);
  });

  it('answers invalid and unknown operations with a code', async () => {
    const live = await app.anonymous().connect();
    expect(await live.join('no-such-article')).toEqual({ ok: false, code: 'article.not_found' });
    const wrong = [
      undefined,
      null,
      'join',
      [],
      {},
      { op: 'shout' },
      { op: 'join' },
      { op: 'join', article: 7 },
      { op: 'join', article: 'x', after: -1 },
      { op: 'join', article: 'x', after: '1' },
      { op: 'join', article: 'x', more: true },
      { op: 'join', article: 'x'.repeat(201) },
      { op: 'leave', article: '' },
      { op: 'auth', ticket: 'short' },
    ];
    for (const it of wrong) expect([it, await live.op(it)]).toEqual([it, { ok: false, code: 'request.invalid' }]);
    expect(await live.op({ op: 'auth', ticket: 'x'.repeat(43) })).toEqual({ ok: false, code: 'ticket.invalid' });
    expect(live.disconnects).toBe(0);
  });

  it('limits a socket that floods, and no other', async () => {
    const key = await app.article();
    const [flood, calm] = [await app.anonymous().connect(), await app.anonymous().connect()];
    const acks = await Promise.all(Array.from({ length: 200 }, () => flood.join(key)));
    const refused = acks.filter((it) => it.code === 'rate.limited').length;
    expect(refused).toBeGreaterThan(80);
    expect(acks.every((it) => it.ok || it.code === 'rate.limited')).toBe(true);
    expect(await calm.join(key)).toMatchObject({ ok: true });
    await until('the next second', () => flood.join(key).then((it) => it.ok));
  });

  it('closes a socket that sends 17 kB, and no other', async () => {
    const key = await app.article();
    const [huge, calm] = [await app.anonymous().connect(), await app.anonymous().connect()];
    await calm.join(key);
    huge.socket.emit('op', { op: 'join', article: 'x'.repeat(17_000) });
    await until('the end of the connection', () => huge.disconnects);
    await ann.comment(key, 'Still here.');
    await until('the frame', () => calm.frames.length);
    expect(calm.disconnects).toBe(0);
  });

  it('refuses other origins and the polling transport', async () => {
    const attempt = (options: Parameters<typeof io>[1]): Promise<string> =>
      new Promise((resolve) => {
        const socket = io(app.url, { path: '/live', forceNew: true, reconnection: false, ...options });
        socket.on('connect', () => resolve('connected'));
        socket.on('connect_error', () => resolve('refused'));
      });
    const websocket = { transports: ['websocket'] };
    expect(await attempt({ ...websocket, extraHeaders: { origin: 'https://evil.example' } })).toBe('refused');
    expect(await attempt({ ...websocket, extraHeaders: { origin: 'null' } })).toBe('refused');
    expect(await attempt({ ...websocket, extraHeaders: { origin: `${SITE}.evil.example` } })).toBe('refused');
    expect(await attempt({ transports: ['polling'], extraHeaders: { origin: SITE } })).toBe('refused');
    const fine = await app.anonymous().connect();
    expect(fine.socket.connected).toBe(true);
  });

  it('sends each frame once to each reader when there are more than 300', async () => {
    const key = await app.article();
    const readers: LiveClient[] = [];
    for (let i = 0; i < 310; i += 31)
      readers.push(...(await Promise.all(Array.from({ length: 31 }, () => app.anonymous().connect()))));
    await Promise.all(readers.map((it) => it.join(key, 0)));
    for (let i = 0; i < 3; i += 1) await ann.comment(key, `To everybody ${i}`);
    for (const it of readers) await until('the last frame', () => it.frames.at(-1)?.to === 3);
    for (const it of readers) {
      contiguousFrom(it, 0);
      expect(items(it)).toHaveLength(3);
      it.close();
    }
  });

  it('sends removals, restorations, deletions and a closing to open pages', async () => {
    const key = await app.article();
    const live = await ben.connect();
    await live.join(key, 0);
    const removed = await ann.comment(key, 'Something awful.');
    const deleted = await ann.comment(key, 'Something else.');
    const path = `/moderation/comments/${removed.id}/decisions`;
    const last = () => items(live).at(-1);

    await mod.post(path, { action: 'remove', reason: 'abuse' });
    const tombstone = { id: removed.id, state: 'removed', body: null, author: null, removal: { reason: 'abuse' } };
    await until('the removal', () => live.frames.at(-1)?.to === 3);
    expect(last()).toMatchObject({ kind: 'comment', comment: tombstone });
    expect(live.frames.at(-1)!.commentCount).toBe(1);

    await mod.post(path, { action: 'restore', reason: 'other' });
    await until('the restoration', () => live.frames.at(-1)?.to === 4);
    expect(last()).toMatchObject({ kind: 'comment', comment: { id: removed.id, body: 'Something awful.' } });

    await ann.delete(`/comments/${deleted.id}`);
    await until('the deletion', () => live.frames.at(-1)?.to === 5);
    expect(last()).toEqual({ position: 5, kind: 'gone', id: deleted.id, parent: null });

    const { body: facts } = await ben.get<Schemas['Article']>(`/articles/${key}`);
    await app.anonymous().put(`/articles/${key}-2`, { url: facts.url, title: 'Closed', state: 'closed' }, publisher);
    const closing = await app
      .anonymous()
      .put('/articles/closed-one', { url: facts.url, title: 'Closed', state: 'closed' }, publisher);
    expect(closing.status).toBe(200);
    await until('the closing', () => items(live).some((it) => it.kind === 'article'));
    expect(last()).toMatchObject({ kind: 'article', article: { key: 'closed-one', state: 'closed', commentCount: 1 } });
    expect((await ann.post(`/articles/${key}/comments`, { body: 'Too late.' })).body.code).toBe('article.closed');
    contiguousFrom(live, 0);

    // The earlier key still leads to the article, and the answer carries the new key.
    const late = await ben.connect();
    expect(await late.join(key)).toMatchObject({ ok: true, article: 'closed-one' });
  });

  it('sends an author’s new name to open pages when the job has run', async () => {
    const key = await app.article();
    const cat = await app.reader('Cat Former');
    await cat.comment(key, 'Who am I?');
    const live = await ben.connect();
    await live.join(key);
    expect((await cat.patch('/me', { displayName: 'Cat Latter' })).status).toBe(200);
    await until('the name', () => items(live).some((it) => it.kind === 'author'));
    expect(items(live).find((it) => it.kind === 'author')).toMatchObject({
      author: { id: cat.accountId, displayName: 'Cat Latter', badges: [] },
    });
  });

  it('sends each kind of desk event once when several kinds without a token come together', async () => {
    const [reader, desk] = [await ann.live(), await mod.live()];
    const tx = { afterCommit: (callback: () => void) => callback() };
    const publish = (kind: string) => app.get(EventBus).publish(tx, kind as 'alert', 'staff');
    for (const kind of ['alert', 'trial', 'alert', 'trial', 'last']) publish(kind);
    await until('the last event', () => desk.events.includes('last'));
    expect(desk.events.filter((it) => ['alert', 'trial', 'last'].includes(it))).toEqual(['alert', 'trial', 'last']);
    expect(reader.events).not.toContain('alert');
  });

  describe('on two nodes', () => {
    let there: TestApp;
    beforeAll(async () => {
      // Its polls run only when the test advances the clock, so what arrives before that came by NOTIFY.
      there = await TestApp.start({ database: app.database, clock: new TestClock(true), env: { ROLE: 'web' } });
    });
    afterAll(() => there.stop());

    it('carries a post from one node to the other by NOTIFY, also after its connection broke', async () => {
      const key = await app.article();
      const live = await there.anonymous().connect();
      await live.join(key, 0);
      await ann.comment(key, 'Over there.');
      await until('the frame', () => live.frames.at(-1)?.to === 1);

      const listeners = `from pg_stat_activity
        where application_name = 'rostra events' and datname = current_database()`;
      expect(await app.sql(`select pg_terminate_backend(pid) ${listeners}`)).toHaveLength(2);
      await until('both to listen again', async () => {
        const listening = await app.sql(`select 1 ${listeners} and state = 'idle' and query like 'listen%'`);
        return listening.length === 2;
      });
      await ann.comment(key, 'Over there again.');
      await until('the frame', () => live.frames.at(-1)?.to === 2);
      contiguousFrom(live, 0);
    });

    it('closes a socket that does not read, by packets and by size, and no other', async () => {
      const { server } = there.get(LiveGateway) as unknown as { server: LiveServer };
      const calm = await there.anonymous().connect();
      const connections: NetSocket[] = [];
      const stalled = async (): Promise<(count: number, size: number) => Promise<boolean>> => {
        const { socket } = await there.anonymous().connect();
        const theirs = server.sockets.sockets.get(socket.id!)!;
        const { _socket: connection } = (socket.io.engine.transport as unknown as { ws: { _socket: NetSocket } }).ws;
        connections.push(connection.pause());
        const send = (size: number) =>
          theirs.emit('frame', { article: 'x'.repeat(size), from: 0, to: 0, commentCount: 0, items: [] });
        send(32_000_000); // this exceeds the kernel's buffers, so that all later packets wait in this process
        return async (count, size) => {
          for (let n = 0; n < count; n += 1) send(size);
          await there.clock.advance(5_000);
          return theirs.connected;
        };
      };
      const one = await stalled();
      expect(await one(2, 300_000)).toBe(true);
      expect(await one(2, 300_000)).toBe(false);
      const other = await stalled();
      expect(await other(400, 10)).toBe(true);
      expect(await other(200, 10)).toBe(false);
      expect(calm.disconnects).toBe(0);
      for (const it of connections) it.destroy(); // otherwise the client would not answer the closing for half a minute
    });

    it('carries a post at the next poll when NOTIFY does not work', async () => {
      const key = await app.article();
      const [near, far] = [await ben.connect(), await there.anonymous().connect()];
      await near.join(key, 0);
      await far.join(key, 0);
      await there.get(PostgresNotifyTransport).onApplicationShutdown();
      await ann.comment(key, 'Anybody there?');
      await until('the frame on the same node', () => near.frames.length);
      expect(far.frames).toEqual([]);
      await there.clock.advance(1_000);
      await until('the frame on the other node', () => far.frames.length);
      contiguousFrom(far, 0);
      expect(far.frames).toEqual(near.frames);
    });
  });
});
