import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AccountsService } from '../../src/accounts/profiles/accounts.service.js';
import { SignInService } from '../../src/accounts/sign-in/sign-in.service.js';
import { EventBus } from '../../src/events/event-bus.js';
import { LiveGateway } from '../../src/realtime/live.gateway.js';
import type { Actor, LiveClient } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { TestClock } from '../support/test-clock.js';
import { until } from '../support/until.js';

const POLL = 500;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Nothing is ever told here: what still reaches anybody, the polls brought, and those run when the test says so. */
describe('session, with every hint lost', () => {
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
  /** The rooms of the one socket that this account has. */
  const rooms = (): Set<string> => {
    const { server } = app.get(LiveGateway) as unknown as {
      server: { sockets: { adapter: { rooms: Map<string, unknown> } } };
    };
    return new Set(
      [...server.sockets.adapter.rooms.keys()].filter((it) => /^(session|account|author):|^staff$/.test(it)),
    );
  };

  it('begins in the other tabs at the next poll, and not before', async () => {
    ann = app.anonymous();
    await ann.get('/session');
    const tab = await ann.connect();
    await ann.signIn(await linkTo('begins'));
    expect(await tab.op({ op: 'leave', article: 'none' })).toMatchObject({ ok: true }); // a round trip, and nothing came
    expect(tab.sessions).toEqual([]);
    await clock.advance(POLL);
    await until('the session', () => tab.sessions.at(-1)?.account?.id === ann.accountId);
    tab.close();
  });

  it('ends in the other tabs at the next poll; requests know at once', async () => {
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

  it('is taken by a ban at the next poll; the page reads on by the poll of positions', async () => {
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

  it('takes on a new role at the next poll', async () => {
    const mo = await app.reader('Mo Derates');
    const tab = await mo.live();
    await admin.put(`/readers/${mo.accountId}/role`, { role: 'moderator' });
    expect((await mo.get('/moderation/queues/reported')).status).toBe(200);
    expect(rooms().has('staff')).toBe(false);
    await clock.advance(POLL);
    await until('the role', () => tab.sessions.at(-1)?.account?.role === 'moderator');
    expect(rooms().has('staff')).toBe(true);
    // The session itself changed long ago: the poll must find the account.
    await app.sql(`update sessions set changed_at = now() - interval '1 minute' where account_id = $1`, [mo.accountId]);
    await admin.put(`/readers/${mo.accountId}/role`, { role: 'reader' });
    await clock.advance(POLL);
    await until('the role', () => tab.sessions.at(-1)?.account?.role === 'reader');
    expect(rooms().has('staff')).toBe(false);
    tab.close();
  });

  it('hears of those it follows by now at the next poll', async () => {
    const author = await app.reader('Au Thor');
    const fan = await app.reader('Fan Reader');
    const tab = await fan.live();
    await fan.put(`/readers/${author.accountId}/follow`);
    expect(rooms().has(`author:${author.accountId}`)).toBe(false);
    await clock.advance(POLL);
    await until('the feed to be read anew', () => tab.heard.includes('feed'));
    expect(rooms().has(`author:${author.accountId}`)).toBe(true);
    await fan.delete(`/readers/${author.accountId}/follow`);
    await clock.advance(POLL);
    expect(rooms().has(`author:${author.accountId}`)).toBe(false);
    tab.close();
  });

  /** Everything that was sent to a tab before this has arrived. @returns how often it was told so */
  const told = async (tab: LiveClient, event: string): Promise<number> => {
    await tab.op({ op: 'leave', article: 'none' });
    return tab.heard.filter((it) => it === event).length;
  };

  it('is told of news for its feed at the next poll, and once: posts, answers, edits and removals', async () => {
    const key = await app.article();
    const [author, other, fan] = [
      await app.reader('Au Thor'),
      await app.reader('Oth Er'),
      await app.reader('Fan Reader'),
    ];
    await fan.put(`/readers/${author.accountId}/follow`);
    const tab = await fan.live();
    const { id } = await author.comment(key, 'Follow me.');
    expect(await told(tab, 'feed')).toBe(0);
    await clock.advance(1_000);
    expect(await told(tab, 'feed')).toBe(1);
    await clock.advance(1_000);
    expect(await told(tab, 'feed')).toBe(1);
    const changes = [
      () => author.patch(`/comments/${id}`, { body: 'Follow me, please.' }),
      () => other.comment(key, 'Where to?', id),
      () => admin.post(`/moderation/comments/${id}/decisions`, { action: 'remove', reason: 'other' }),
    ];
    for (const [index, change] of changes.entries()) {
      await change();
      await clock.advance(1_000);
      expect(await told(tab, 'feed')).toBe(index + 2);
    }
    await other.comment(key, 'On my own.');
    await clock.advance(1_000);
    expect(await told(tab, 'feed')).toBe(changes.length + 1);
    tab.close();
  });

  it('is told of reports and decisions at the next poll, at the desk alone', async () => {
    const author = await app.reader('Au Thor');
    const { id } = await author.comment(await app.article(), 'Something.');
    const [desk, reader] = [await admin.live(), await author.live()];
    await clock.advance(1_000);
    const before = await told(desk, 'queue');
    for (const [index, change] of [
      () => app.anonymous().post(`/comments/${id}/reports`, { reason: 'spam' }),
      () => admin.post(`/moderation/comments/${id}/decisions`, { action: 'keep', reason: 'other' }),
    ].entries()) {
      expect((await change()).status).toBe(201);
      expect(await told(desk, 'queue')).toBe(before + index);
      await clock.advance(1_000);
      await clock.advance(1_000);
      expect(await told(desk, 'queue')).toBe(before + index + 1);
    }
    expect(await told(reader, 'queue')).toBe(0);
    for (const it of [desk, reader]) it.close();
  });

  it('ends by time: thirty days unused, half a year in all, half a day for staff; on open sockets at that moment', async () => {
    const reader = await app.reader('Rea Der');
    const staff = await app.reader('Sta Ff', 'moderator');
    const tab = await staff.live();
    await clock.advance(6 * HOUR);
    expect((await staff.get('/me')).status).toBe(200);
    await clock.advance(12 * HOUR - MINUTE / 2); // the sweep of every minute runs here, and not again below
    expect(await told(tab, 'session')).toBe(0);
    await clock.advance(MINUTE / 2 + POLL);
    await until('signed out', () => tab.sessions.at(-1)?.account === null);
    expect([tab.disconnects, rooms().size]).toEqual([0, 0]);
    expect((await staff.get('/me')).status).toBe(401);

    // Use keeps it, up to half a year.
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

  it('of a reader who becomes staff lasts no longer than one of staff', async () => {
    const mo = await app.reader('Mo Derates');
    await admin.put(`/readers/${mo.accountId}/role`, { role: 'moderator' });
    await clock.advance(12 * HOUR + MINUTE);
    expect((await mo.get('/moderation/queues/reported')).status).toBe(401);
  });

  it('begins by no link and no ticket that is too old', async () => {
    const actor = await app.reader('Ann Reader');
    const link = await linkTo('old');
    const { body } = await actor.post<{ ticket: string }>('/session/socket-ticket');
    const tab = await actor.connect();
    await clock.advance(31_000);
    expect(await tab.op({ op: 'auth', ticket: body.ticket })).toMatchObject({ ok: false, code: 'ticket.invalid' });
    await clock.advance(DAY);
    const late = await actor.post('/sign-in-links/redeem', { token: new URL(link).hash.replace('#token=', '') });
    expect([late.status, late.body.code]).toEqual([400, 'link.invalid']);
    tab.close();
  });
});
