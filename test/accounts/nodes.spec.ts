import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SessionsService } from '../../src/accounts/sessions/sessions.service.js';
import { PostgresNotifyTransport } from '../../src/events/postgres-notify.js';
import { EventBus } from '../../src/events/event-bus.js';
import type { Actor } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { TestClock } from '../support/test-clock.js';
import { until } from '../support/until.js';

/** Acts as a transaction that has committed, to publish events without a write. */
const tx = { afterCommit: (effect: () => void) => effect() };

/** Two applications on one database. No poll runs, so every change arrives by the events between processes. */
describe('a session on two nodes', () => {
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

  /** Returns the same browser connected to the other node. */
  function onOtherNode(actor: Actor): Actor {
    const same = there.anonymous();
    for (const [name, value] of actor.cookies) same.cookies.set(name, value);
    return same;
  }
  const eventConnections = () =>
    here.sql<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = 'rostra events' and datname = current_database()`,
    );

  it('begins, changes and ends at once on the node that did not do it', async () => {
    const ann = await here.reader('Ann Reader');
    const tab = await onOtherNode(ann).live();
    await admin.put(`/readers/${ann.accountId}/role`, { role: 'moderator' });
    await until('the role', () => tab.sessions.at(-1)?.account?.role === 'moderator');
    await ann.delete('/session');
    await until('signed out', () => tab.sessions.at(-1)?.account === null);
    expect(tab.disconnects).toBe(0);

    const ben = await here.reader('Ben Other');
    const second = await onOtherNode(ben).live();
    await admin.put(`/readers/${ben.accountId}/ban`, { reason: 'spam' });
    await until('signed out', () => second.sessions.at(-1)?.account === null);
  });

  it('gets events again when the lost connection for events is back', async () => {
    const before = (await eventConnections()).map((it) => it.pid);
    expect(before).toHaveLength(2);
    await here.sql('select pg_terminate_backend(pid) from unnest($1::int[]) pid', [before]);
    await until('both connections', async () => {
      const now = (await eventConnections()).map((it) => it.pid);
      return now.length === 2 && now.every((it) => !before.includes(it));
    });
    const cleo = await here.reader('Cleo Listens');
    const tab = await onOtherNode(cleo).live();
    // The connection is open a moment before it listens, so an event can be lost, but not for long.
    await until('an event', async () => {
      const renamed = await cleo.patch('/me', { displayName: `Cleo Listens ${Math.ceil(Math.random() * 1e6)}` });
      expect(renamed.status).toBe(200);
      return tab.sessions.length > 0;
    });
    await cleo.delete('/session');
    await until('signed out', () => tab.sessions.at(-1)?.account === null);
  });

  it('sends events one query at a time when the connection is slow', async () => {
    const { client } = here.get(PostgresNotifyTransport) as unknown as {
      client: { query: (...args: unknown[]) => Promise<unknown> };
    };
    const query = client.query.bind(client);
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    let [running, most, sent] = [0, 0, 0];
    const slow = jest.spyOn(client, 'query').mockImplementation(async (...args) => {
      most = Math.max(most, (running += 1));
      sent += 1;
      await gate;
      return query(...args).finally(() => (running -= 1));
    });
    const received = new Set<string>();
    there.get(EventBus).onEvent(({ audience }) => received.add(audience));
    here.get(EventBus).publish(tx, 'log', 'article:1');
    await until('the first query', () => sent === 1);
    here.get(EventBus).publish(tx, 'log', 'article:2');
    await until(
      'the second event to wait',
      () => (here.get(PostgresNotifyTransport) as unknown as { timer: unknown }).timer === undefined,
    );
    expect(sent).toBe(1);
    open();
    await until('both events at the other node', () => received.has('article:1') && received.has('article:2'));
    expect([most, sent]).toEqual([1, 2]);
    slow.mockRestore();
  });

  it('stays on a socket that signs in while its session is being read', async () => {
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
      [ann.rowId],
    );
    here.get(EventBus).publish(tx, 'session', `browser:${browser[0]!.hash}`);
    await until('the read', () => slow.mock.calls.length === 1);
    expect(await tab.authenticate()).toMatchObject({ ok: true });
    release();
    const author = await here.reader('Au Thor');
    await ann.put(`/readers/${author.accountId}/follow`);
    await until('the feed event, which only a signed-in socket gets', () => tab.events.includes('feed'));
    expect(tab.sessions.filter((it) => it.account === null)).toEqual([]);
    slow.mockRestore();
  });
});
