import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SessionsService } from '../../src/accounts/sessions/sessions.service.js';
import { PostgresNotifyTransport } from '../../src/events/postgres-notify.js';
import { EventBus } from '../../src/events/event-bus.js';
import type { Actor } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { TestClock } from '../support/test-clock.js';
import { until } from '../support/until.js';

/** Stands for a transaction that has committed, for events that no write of the test's causes. */
const tx = { afterCommit: (effect: () => void) => effect() };

/** Two web processes' worth of application on one database. No poll runs: what arrives, the doorbell brought. */
describe('session, over two nodes', () => {
  let here: TestApp;
  let there: TestApp;
  let admin: Actor;

  beforeAll(async () => {
    here = await TestApp.start({ clock: new TestClock(true) });
    there = await TestApp.start({ clock: new TestClock(true), database: here.database });
    admin = await here.reader('Ada Min', 'admin');
  });
  afterAll(async () => {
    await there.stop();
    await here.stop();
  });

  /** The same browser, talking to the other node. */
  function atTheOther(actor: Actor): Actor {
    const same = there.anonymous();
    for (const [name, value] of actor.cookies) same.cookies.set(name, value);
    return same;
  }
  const doorbells = () =>
    here.sql<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = 'rostra events' and datname = current_database()`,
    );

  it('begins, changes and ends at once on the node that did not do it', async () => {
    const ann = await here.reader('Ann Reader');
    const tab = await atTheOther(ann).live();
    await admin.put(`/readers/${ann.accountId}/role`, { role: 'moderator' });
    await until('the role', () => tab.sessions.at(-1)?.account?.role === 'moderator');
    await ann.delete('/session');
    await until('signed out', () => tab.sessions.at(-1)?.account === null);
    expect(tab.disconnects).toBe(0);

    const ben = await here.reader('Ben Other');
    const second = await atTheOther(ben).live();
    await admin.put(`/readers/${ben.accountId}/ban`, { reason: 'spam' });
    await until('signed out', () => second.sessions.at(-1)?.account === null);
  });

  it('is told again once the doorbell’s connection, which was lost, is back', async () => {
    const before = (await doorbells()).map((it) => it.pid);
    expect(before).toHaveLength(2);
    await here.sql('select pg_terminate_backend(pid) from unnest($1::int[]) pid', [before]);
    await until('both doorbells', async () => {
      const now = (await doorbells()).map((it) => it.pid);
      return now.length === 2 && now.every((it) => !before.includes(it));
    });
    const ann = await here.reader('Ann Reader');
    const tab = await atTheOther(ann).live();
    // The connection stands a moment before it listens; a lost hint is nobody's fault, a deaf doorbell is.
    await until('a hint', async () => {
      await ann.patch('/me', { displayName: `Ann Reader ${Math.ceil(Math.random() * 1e6)}` });
      return tab.sessions.length > 0;
    });
    await ann.delete('/session');
    await until('signed out', () => tab.sessions.at(-1)?.account === null);
  });

  it('is told by one query at a time, however slow the connection is', async () => {
    const { client } = here.get(PostgresNotifyTransport) as unknown as {
      client: { query: (...args: unknown[]) => Promise<unknown> };
    };
    const query = client.query.bind(client);
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    let [running, most, told] = [0, 0, 0];
    const slow = jest.spyOn(client, 'query').mockImplementation(async (...args) => {
      most = Math.max(most, (running += 1));
      told += 1;
      await gate;
      return query(...args).finally(() => (running -= 1));
    });
    const heard = new Set<string>();
    there.get(EventBus).onEvent(({ audience }) => heard.add(audience));
    here.get(EventBus).publish(tx, 'log', 'article:1');
    await until('the first to be under way', () => told === 1);
    here.get(EventBus).publish(tx, 'log', 'article:2');
    await until(
      'the second to wait',
      () => (here.get(PostgresNotifyTransport) as unknown as { timer: unknown }).timer === undefined,
    );
    expect(told).toBe(1);
    open();
    await until('both at the other node', () => heard.has('article:1') && heard.has('article:2'));
    expect([most, told]).toEqual([1, 2]);
    slow.mockRestore();
  });

  it('is not taken from a socket that signs in while the truth is being read for it', async () => {
    const ann = await here.reader('Ann Reader');
    const tab = await ann.connect();
    const sessions = here.get(SessionsService);
    const read = sessions.byIds.bind(sessions);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const slow = jest.spyOn(sessions, 'byIds').mockImplementationOnce(async (ids) => {
      const found = await read(ids);
      await held;
      return found;
    });
    const browser = await here.sql<{ hash: string }>(
      `select encode(browser_hash, 'hex') as hash from sessions where account_id = $1`,
      [ann.accountId],
    );
    here.get(EventBus).publish(tx, 'session', `browser:${browser[0]!.hash}`);
    await until('the look', () => slow.mock.calls.length === 1);
    expect(await tab.authenticate()).toMatchObject({ ok: true });
    release();
    const author = await here.reader('Au Thor');
    await ann.put(`/readers/${author.accountId}/follow`);
    await until('the feed, which only a signed-in socket hears', () => tab.heard.includes('feed'));
    expect(tab.sessions.filter((it) => it.account === null)).toEqual([]);
    slow.mockRestore();
  });
});
