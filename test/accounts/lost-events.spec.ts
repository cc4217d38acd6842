import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AccountsService } from '../../src/accounts/profiles/accounts.service.js';
import { SignInService } from '../../src/accounts/sign-in/sign-in.service.js';
import { EventBus } from '../../src/events/event-bus.js';
import { LiveGateway } from '../../src/realtime/live.gateway.js';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor, LiveClient } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { TestClock } from '../support/test-clock.js';
import { until } from '../support/until.js';

const POLL = 500;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * No event is published here, so every change arrives by a poll, and polls run only when the test advances the clock.
 */
describe('a session whose events are all lost', () => {
  const clock = new TestClock(true);
  let app: TestApp;
  let admin: Actor;
  let ann: Actor;

  beforeAll(async () => {
    app = await TestApp.start({ clock });
    jest.spyOn(app.get(EventBus), 'publish').mockImplementation(() => undefined);
    admin = await app.reader('Ada Min', 'admin');
  });
  afterAll(() => app.stop());

  const linkTo = async (slug: string): Promise<string> => {
    await app.get(AccountsService).ensure(`${slug}@example.test`, 'Ann Other', 'reader');
    return app.get(SignInService).createLink(`${slug}@example.test`);
  };
  /** Returns the private rooms of all open sockets; each test leaves at most one socket open. */
  const rooms = (): Set<string> => {
    const { server } = app.get(LiveGateway) as unknown as {
      server: { sockets: { adapter: { rooms: Map<string, unknown> } } };
    };
    return new Set(
      [...server.sockets.adapter.rooms.keys()].filter((it) => /^(session|account|author):|^staff$/.test(it)),
    );
  };

  it('begins in the other tabs at the next poll', async () => {
    ann = app.anonymous();
    await ann.get('/session');
    const tab = await ann.connect();
    await ann.signIn(await linkTo('begins'));
    // nothing has come after a round trip
    expect(await tab.op({ op: 'leave', article: 'none' })).toMatchObject({ ok: true });
    expect(tab.sessions).toEqual([]);
    await clock.advance(POLL);
    await until('the session', () => tab.sessions.at(-1)?.account?.id === ann.accountId);
    tab.close();
  });

  it('ends at once for requests, and in the other tabs at the next poll', async () => {
    const author = await app.reader('Au Thor');
    await ann.put(`/readers/${author.accountId}/follow`);
    const tab = await ann.live();
    expect(rooms().size).toBe(3);
    const cookie = ann.cookieHeader;
    await ann.delete('/session');
    expect((await ann.get('/me', { cookie })).status).toBe(401);
    expect(await tab.op({ op: 'leave', article: 'none' })).toMatchObject({ ok: true });
    expect([tab.sessions.length, rooms().size]).toEqual([0, 3]);
    await clock.advance(POLL);
    await until('signed out', () => tab.sessions.at(-1)?.account === null);
    expect([tab.disconnects, rooms().size]).toEqual([0, 0]);
    tab.close();
  });

  it('ends at the next poll after a ban, and its socket keeps getting frames', async () => {
    const key = await app.article();
    const author = await app.reader('Au Thor');
    const bad = await app.reader('Bad Reader');
    const tab = await bad.live();
    await tab.join(key);
    await admin.put(`/readers/${bad.accountId}/ban`, { reason: 'abuse' });
    expect((await bad.get('/me')).status).toBe(401);
    expect(tab.sessions).toEqual([]);
    await clock.advance(POLL);
    await until('signed out', () => tab.sessions.at(-1)?.account === null);
    expect(rooms().size).toBe(0);
    await author.comment(key, 'Hello?');
    await clock.advance(1_000);
    await until('the frame', () => tab.frames.at(-1)?.to === 1);
    expect(tab.disconnects).toBe(0);
    tab.close();
  });

  it('gets a new role at the next poll', async () => {
    const mo = await app.reader('Mo Derates');
    const tab = await mo.live();
    await admin.put(`/readers/${mo.accountId}/role`, { role: 'moderator' });
    expect((await mo.get('/moderation/queues/reported')).status).toBe(200);
    expect(rooms().has('staff')).toBe(false);
    await clock.advance(POLL);
    await until('the role', () => tab.sessions.at(-1)?.account?.role === 'moderator');
    expect(rooms().has('staff')).toBe(true);
    // The session row changed long ago, so the poll must find the change of the account.
    await app.sql(`update sessions set changed_at = now() - interval '1 minute' where account_id = $1`, [mo.rowId]);
    await admin.put(`/readers/${mo.accountId}/role`, { role: 'reader' });
    await clock.advance(POLL);
    await until('the role', () => tab.sessions.at(-1)?.account?.role === 'reader');
    expect(rooms().has('staff')).toBe(false);
    tab.close();
  });

  it('joins and leaves the room of an author at the next poll after a change of follows', async () => {
    const author = await app.reader('Au Thor');
    const fan = await app.reader('Fan Reader');
    const tab = await fan.live();
    await fan.put(`/readers/${author.accountId}/follow`);
    expect(rooms().has(`author:${author.rowId}`)).toBe(false);
    await clock.advance(POLL);
    await until('the feed event', () => tab.events.includes('feed'));
    expect(rooms().has(`author:${author.rowId}`)).toBe(true);
    await fan.delete(`/readers/${author.accountId}/follow`);
    await clock.advance(POLL);
    expect(rooms().has(`author:${author.rowId}`)).toBe(false);
    tab.close();
  });

  /** Counts the events of a kind that a tab has received, after a round trip that lets pending ones arrive. */
  const received = async (tab: LiveClient, event: string): Promise<number> => {
    await tab.op({ op: 'leave', article: 'none' });
    return tab.events.filter((it) => it === event).length;
  };

  it('gets one feed event at the next poll for a post, an edit, a reply and a removal', async () => {
    const key = await app.article();
    const [author, other, fan] = [
      await app.reader('Au Thor'),
      await app.reader('Oth Er'),
      await app.reader('Fan Reader'),
    ];
    await fan.put(`/readers/${author.accountId}/follow`);
    const tab = await fan.live();
    const { id } = await author.comment(key, 'Follow me.');
    expect(await received(tab, 'feed')).toBe(0);
    await clock.advance(1_000);
    expect(await received(tab, 'feed')).toBe(1);
    await clock.advance(1_000);
    expect(await received(tab, 'feed')).toBe(1);
    const changes = [
      () => author.patch(`/comments/${id}`, { body: 'Follow me, please.' }),
      () => other.comment(key, 'Where to?', id),
      () => admin.post(`/moderation/comments/${id}/decisions`, { action: 'remove', reason: 'other' }),
    ];
    for (const [index, change] of changes.entries()) {
      await change();
      await clock.advance(1_000);
      expect(await received(tab, 'feed')).toBe(index + 2);
    }
    await other.comment(key, 'On my own.');
    await clock.advance(1_000);
    expect(await received(tab, 'feed')).toBe(changes.length + 1);
    tab.close();
  });

  it('gets a queue event at the next poll for a report and a decision, at the desk only', async () => {
    const author = await app.reader('Au Thor');
    const { id } = await author.comment(await app.article(), 'Something.');
    const [desk, reader] = [await admin.live(), await author.live()];
    await clock.advance(1_000);
    const before = await received(desk, 'queue');
    for (const [index, change] of [
      () => app.anonymous().post(`/comments/${id}/reports`, { reason: 'spam' }),
      () => admin.post(`/moderation/comments/${id}/decisions`, { action: 'keep', reason: 'other' }),
    ].entries()) {
      expect((await change()).status).toBe(201);
      expect(await received(desk, 'queue')).toBe(before + index);
      await clock.advance(1_000);
      await clock.advance(1_000);
      expect(await received(desk, 'queue')).toBe(before + index + 1);
    }
    expect(await received(reader, 'queue')).toBe(0);
    for (const it of [desk, reader]) it.close();
  });

  it('gets a settings event at the next poll for a change, at the desk only', async () => {
    const [desk, reader] = [await admin.live(), await (await app.reader('Rea Ding')).live()];
    await clock.advance(1_000);
    const before = await received(desk, 'settings');
    await admin.put('/settings/conversation.edit_window_minutes', { value: 16 });
    expect(await received(desk, 'settings')).toBe(before);
    await clock.advance(1_000);
    expect([await received(desk, 'settings'), await received(reader, 'settings')]).toEqual([before + 1, 0]);
    await admin.put('/settings/conversation.edit_window_minutes', { reset: true });
    for (const it of [desk, reader]) it.close();
  });

  it('expires after thirty unused days or half a year, for staff after half a day, also on open sockets', async () => {
    const reader = await app.reader('Rea Der');
    const staff = await app.reader('Sta Ff', 'moderator');
    const tab = await staff.live();
    await clock.advance(6 * HOUR);
    expect((await staff.get('/me')).status).toBe(200);
    await clock.advance(12 * HOUR - MINUTE / 2); // the check of every minute runs here, and not again below
    expect(await received(tab, 'session')).toBe(0);
    await clock.advance(MINUTE / 2 + POLL);
    await until('signed out', () => tab.sessions.at(-1)?.account === null);
    expect([tab.disconnects, rooms().size]).toEqual([0, 0]);
    expect((await staff.get('/me')).status).toBe(401);

    // Use prolongs a session, up to half a year.
    for (let day = 0; day < 174; day += 29) {
      expect([day, (await reader.get('/me')).status]).toEqual([day, 200]);
      await clock.advance(29 * DAY);
    }
    expect((await reader.get('/me')).status).toBe(200);
    await clock.advance(7 * DAY);
    expect((await reader.get('/me')).status).toBe(401);

    const lazy = await app.reader('Lazy Reader');
    await clock.advance(30 * DAY + MINUTE);
    expect((await lazy.get('/me')).status).toBe(401);
    admin = await app.reader('Ada Min', 'admin');
  });

  it('is shortened to the lifetime of staff sessions when a reader becomes staff', async () => {
    const mo = await app.reader('Mo Derates');
    await admin.put(`/readers/${mo.accountId}/role`, { role: 'moderator' });
    await clock.advance(12 * HOUR + MINUTE);
    expect((await mo.get('/moderation/queues/reported')).status).toBe(401);
  });

  it('ends when the newsroom shortens the time of sessions, also on open sockets and for its role only', async () => {
    const set = (key: string, value: unknown) => admin.put(`/settings/staff.${key}`, { value });
    const [rea, mo] = [await app.reader('Rea Short'), await app.reader('Mo Short', 'moderator')];
    const tab = await mo.live();
    await clock.advance(2 * HOUR);
    admin = await app.reader('Ada Hours', 'admin');
    expect((await set('idle_hours', 1)).status).toBe(200);
    expect([(await mo.get('/me')).status, (await rea.get('/me')).status]).toEqual([401, 200]);
    await clock.advance(MINUTE);
    await until('signed out', () => tab.sessions.at(-1)?.account === null);
    tab.close();
    await set('idle_hours', 12);
    await clock.advance(2 * DAY);
    admin = await app.reader('Ada Days', 'admin');
    expect((await set('reader_session_hours', 24)).status).toBe(200);
    expect((await rea.get('/me')).status).toBe(401);
    for (const [key, value] of [
      ['idle_hours', 0],
      ['idle_hours', 169],
      ['session_hours', 721],
      ['reader_idle_hours', 23],
      ['reader_session_hours', 17_521],
    ] as const)
      expect([key, (await set(key, value)).status]).toEqual([key, 422]);
    await set('reader_session_hours', 4_320);
  });

  it('does not begin with an expired link or ticket', async () => {
    const actor = await app.reader('Ann Reader');
    const link = await linkTo('old');
    const { body } = await actor.post<Schemas['SocketTicket']>('/session/socket-ticket');
    const tab = await actor.connect();
    await clock.advance(31_000);
    expect(await tab.op({ op: 'auth', ticket: body.ticket })).toMatchObject({ ok: false, code: 'ticket.invalid' });
    await clock.advance(DAY);
    const late = await actor.post('/sign-in-links/redeem', { token: new URL(link).hash.replace('#token=', '') });
    expect([late.status, late.body.code]).toEqual([400, 'link.invalid']);
    tab.close();
  });
});
