import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import { AccountsService } from '../../src/accounts/profiles/accounts.service.js';
import { SessionsService } from '../../src/accounts/sessions/sessions.service.js';
import { sha256 } from '../../src/accounts/sessions/tokens.js';
import { SignInService } from '../../src/accounts/sign-in/sign-in.service.js';
import type { Schemas } from '../../web/shared/contract.js';
import { type Actor, type LiveClient } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { TestClock } from '../support/test-clock.js';
import { until } from '../support/until.js';

const SESSION = '__Host-rostra';
const BROWSER = '__Host-rostra-browser';

/** No poll runs, so every change that arrives at once was brought by an event. */
describe('a session', () => {
  let app: TestApp;
  let admin: Actor;

  beforeAll(async () => {
    app = await TestApp.start({ clock: new TestClock(true) });
    admin = await app.reader('Ada Min', 'admin');
  });
  afterAll(() => app.stop());

  const account = async (actor: Actor): Promise<unknown> => (await actor.get('/session')).body.account;
  const email = (slug: string): string => `${slug}@example.test`;
  const linkFor = async (slug: string): Promise<string> => {
    await app.get(AccountsService).ensure(email(slug), 'Ann Other', 'reader');
    return app.get(SignInService).createLink(email(slug));
  };

  /** Checks that a socket still gets frames but nothing private, when an author it followed writes to its page. */
  async function readsOn(live: LiveClient, article: string, author: Actor): Promise<void> {
    const frames = live.frames.length;
    const feeds = live.events.filter((it) => it === 'feed').length;
    await author.comment(article, 'Is anybody listening?');
    await until('a frame', () => live.frames.length > frames);
    // A feed event of the same comment would have arrived before a later one.
    const probe = await app.reader('Pro Be');
    await probe.put(`/readers/${author.accountId}/follow`);
    const probeTab = await probe.live();
    await author.comment(article, 'And now?');
    await until('the feed event of a follower', () => probeTab.events.includes('feed'));
    expect(live.events.filter((it) => it === 'feed')).toHaveLength(feeds);
    expect([live.socket.connected, live.disconnects]).toEqual([true, 0]);
  }

  it('gets a new token at sign-in when one was planted before', async () => {
    const victim = app.anonymous();
    const attacker = await app.reader('Att Acker');
    const planted = attacker.cookies.get(SESSION)!;
    victim.cookies.set(SESSION, planted);
    await victim.signIn(await linkFor('victim'));
    expect(victim.cookies.get(SESSION)).not.toBe(planted);
    expect(await account(victim)).toMatchObject({ id: victim.accountId });
    // The planted session has ended for the attacker, too.
    expect(await account(attacker)).toBeNull();

    const invented = app.anonymous();
    invented.cookies.set(SESSION, 'A'.repeat(43));
    await invented.signIn(await linkFor('invented'));
    expect(invented.cookies.get(SESSION)).not.toBe('A'.repeat(43));
    invented.cookies.set(SESSION, 'A'.repeat(43));
    expect(await account(invented)).toBeNull();
  });

  it('gets the same answer for a wrong, shortened, hashed and ended token', async () => {
    const ann = await app.reader('Ann Reader');
    const good = ann.cookies.get(SESSION)!;
    const [{ hash } = { hash: '' }] = await app.sql<{ hash: string }>(
      `select encode(token_hash, 'base64') as hash from sessions where account_id = $1`,
      [ann.rowId],
    );
    await ann.delete('/session');
    const answers = [];
    for (const token of [good, good.slice(0, -1), hash, 'x', `${good}=`, "' or 1=1 --", 'é'.repeat(20)]) {
      ann.cookies.set(SESSION, encodeURIComponent(token));
      const { status, body } = await ann.get('/me');
      answers.push({ status, ...body, requestId: undefined });
    }
    expect(answers[0]).toMatchObject({ status: 401, code: 'session.required' });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it('uses cookies that are HttpOnly, Secure and bound to the host', async () => {
    const actor = app.anonymous();
    const asked = await actor.get('/session');
    const link = await linkFor('cookies');
    const redeemed = await actor.post('/sign-in-links/redeem', { token: new URL(link).hash.replace('#token=', '') });
    const left = await actor.delete('/session');
    const [browser] = asked.headers.getSetCookie();
    const [begun] = redeemed.headers.getSetCookie();
    const [ended] = left.headers.getSetCookie();
    for (const [cookie, name] of [
      [browser, BROWSER],
      [begun, SESSION],
      [ended, SESSION],
    ] as const) {
      const [pair, ...attributes] = (cookie ?? '').split('; ');
      expect(pair).toMatch(new RegExp(`^${name}=`));
      expect(attributes).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']));
      expect(attributes.join()).not.toMatch(/domain/i);
    }
    expect(begun).toMatch(/=[\w-]{43};/); // 256 bits
    expect(ended).toMatch(/=;.*Expires=Thu, 01 Jan 1970/);
    expect(redeemed.headers.get('cache-control')).toBe('no-store');
  });

  it('uses the bearer token alone when the request has cookies, too', async () => {
    const ann = await app.reader('Ann Reader');
    const ben = await app.reader('Ben Other');
    const bearer = { authorization: `Bearer ${ben.cookies.get(SESSION)}` };
    expect((await ann.get<Schemas['Session']>('/session', bearer)).body.account!.id).toBe(ben.accountId);
    const wrong = await ann.post('/session/socket-ticket', undefined, { authorization: 'Bearer nobody', origin: '' });
    expect(wrong.status).toBe(401);
    // Signing in as a bearer neither ends the cookie's session nor joins the cookie's browser.
    const tab = await ann.connect();
    const token = new URL(await linkFor('bearer')).hash.replace('#token=', '');
    const { status } = await ann.post(
      '/sign-in-links/redeem',
      { token },
      { ...bearer, origin: '', cookie: ann.cookieHeader },
    );
    expect(status).toBe(200);
    const [browsers] = await app.sql<{ n: number }>(
      `select count(*)::int as n from sessions s join sessions t on t.browser_hash = s.browser_hash and t.id <> s.id
       where s.account_id = $1 and t.ended_at is null`,
      [ann.rowId],
    );
    expect(browsers!.n).toBe(0);
    expect(tab.sessions.filter((it) => it.account?.id !== ann.accountId)).toEqual([]);
  });

  it('begins at once in every tab of the browser and in no other browser', async () => {
    const ann = app.anonymous();
    await ann.get('/session');
    const tabs = await Promise.all([ann.connect(), ann.connect(), ann.connect()]);
    const stranger = app.anonymous();
    await stranger.get('/session');
    const strangers = await stranger.connect();
    const nobody = await app.anonymous().connect(); // without any cookie

    await ann.signIn(await linkFor('every-tab'));
    await until('all tabs', () => tabs.every((it) => it.sessions.at(-1)?.account?.id === ann.accountId));
    for (const tab of tabs) expect(await tab.authenticate()).toMatchObject({ ok: true });
    expect([tabs.map((it) => it.disconnects), tabs.map((it) => it.sessions.length)]).toEqual([
      [0, 0, 0],
      [1, 1, 1],
    ]);

    await stranger.signIn(await linkFor('stranger'));
    await until('the stranger', () => strangers.sessions.length === 1);
    expect(strangers.sessions[0]!.account?.id).toBe(stranger.accountId);
    expect(nobody.sessions).toEqual([]);
    expect(tabs.map((it) => it.sessions.length)).toEqual([1, 1, 1]);
  });

  it('ends at once in every tab when one signs out, and the sockets keep getting public frames', async () => {
    const key = await app.article();
    const author = await app.reader('Au Thor');
    const ann = await app.reader('Ann Reader');
    await ann.put(`/readers/${author.accountId}/follow`);
    const signedIn = await ann.live();
    const other = await ann.live();
    const waiting = await ann.connect(); // this tab has not fetched its ticket yet
    for (const it of [signedIn, other, waiting]) await it.join(key);
    const { body: spare } = await ann.post<Schemas['SocketTicket']>('/session/socket-ticket');
    const cookie = ann.cookies.get(SESSION)!;

    expect((await ann.delete('/session')).status).toBe(204);
    ann.cookies.set(SESSION, cookie);
    expect((await ann.get('/me')).status).toBe(401);
    await until('all tabs signed out', () =>
      [signedIn, other, waiting].every((it) => it.sessions.at(-1)?.account === null),
    );
    expect(await waiting.op({ op: 'auth', ticket: spare.ticket })).toMatchObject({ ok: false, code: 'ticket.invalid' });
    await readsOn(signedIn, key, author);
  });

  it('sends nothing to a socket without an origin, whatever its cookies are', async () => {
    const ann = app.anonymous();
    await ann.get('/session');
    const tab = await ann.connect();
    const bare = io(app.url, {
      path: '/live',
      transports: ['websocket'],
      forceNew: true,
      extraHeaders: { cookie: ann.cookieHeader },
    });
    const received: string[] = [];
    bare.onAny((event: string) => received.push(event));
    try {
      await until('the socket', () => bare.connected);
      await ann.signIn(await linkFor('bare'));
      await until('the session in the page', () => tab.sessions.at(-1)?.account?.id === ann.accountId);
      expect(await bare.timeout(5_000).emitWithAck('op', { op: 'leave', article: 'none' })).toMatchObject({ ok: true });
      expect(received).toEqual([]);
    } finally {
      bare.close();
    }
  });

  it('ends completely at sign-out when the browser signed in twice at once', async () => {
    const ann = app.anonymous();
    await ann.get('/session');
    const link = await linkFor('twice');
    const again = await app.get(SignInService).createLink(email('twice'));
    const tokens = [link, again].map((it) => new URL(it).hash.replace('#token=', ''));
    // Like two tabs whose answers cross, neither request carries the cookie of the other.
    const cookie = ann.cookieHeader;
    await Promise.all(tokens.map((token) => ann.post('/sign-in-links/redeem', { token }, { cookie })));
    await app.sql(
      `insert into sessions (token_hash, account_id, browser_hash, created_at, seen_at, expires_at)
       select sha256('another'), account_id, browser_hash, now(), now(), now() + interval '1 day' from sessions
       where browser_hash = sha256(convert_to($1, 'utf8')) and ended_at is null limit 1`,
      [ann.cookies.get(BROWSER)],
    );
    const tab = await ann.live();
    await ann.delete('/session');
    await until('signed out', () => tab.sessions.at(-1)?.account === null);
    const [left] = await app.sql<{ n: number }>(
      `select count(*)::int as n from sessions where browser_hash = sha256(convert_to($1, 'utf8')) and ended_at is null`,
      [ann.cookies.get(BROWSER)],
    );
    expect(left!.n).toBe(0);
  });

  it('ends with a ban at the next request, and at once on open sockets', async () => {
    const key = await app.article();
    const author = await app.reader('Au Thor');
    const ann = await app.reader('Ann Reader');
    await ann.put(`/readers/${author.accountId}/follow`);
    const tab = await ann.live();
    const second = await ann.live();
    await tab.join(key);
    expect((await admin.put(`/readers/${ann.accountId}/ban`, { reason: 'spam' })).status).toBe(204);
    expect((await ann.post(`/articles/${key}/comments`, { body: 'Still here?' })).status).toBe(401);
    await until('both tabs signed out', () => [tab, second].every((it) => it.sessions.at(-1)?.account === null));
    await readsOn(tab, key, author);
    // The account cannot sign in again.
    const [{ email: address } = { email: '' }] = await app.sql<{ email: string }>(
      'select email from accounts where id = $1',
      [ann.rowId],
    );
    const token = new URL(await app.get(SignInService).createLink(address)).hash.replace('#token=', '');
    expect((await ann.post('/sign-in-links/redeem', { token })).body.code).toBe('account.banned');
    expect(ann.cookies.has(SESSION) && (await account(ann))).toBeFalsy();
  });

  it('is not found while its account is banned, although its row has not ended', async () => {
    const ann = await app.reader('Ann Reader');
    const [token, browser] = [ann.cookies.get(SESSION)!, ann.cookies.get(BROWSER)!];
    const { body } = await ann.post<Schemas['SocketTicket']>('/session/socket-ticket');
    const sessions = app.get(SessionsService);
    const browserHash = sha256(browser).toString('hex');
    const { sessionId } = (await sessions.find(token))!;
    expect([...(await sessions.byBrowsers([browserHash])).keys()]).toEqual([browserHash]);

    // A ban by the service ends the rows, too. Here only the account says that it is banned.
    const ban = 'update accounts set banned_at = $2 where id = $1';
    await app.sql(ban, [ann.rowId, new Date()]);
    const live = await app.sql('select 1 from sessions where id = $1 and ended_at is null and expires_at > now()', [
      sessionId,
    ]);
    expect(live).toHaveLength(1);
    expect(await sessions.find(token)).toBeUndefined();
    expect(await sessions.byId(sessionId)).toBeUndefined();
    expect(await sessions.byBrowsers([browserHash])).toEqual(new Map());
    expect(await sessions.redeemTicket(body.ticket)).toBeUndefined();
    expect((await ann.get('/me')).status).toBe(401);

    await app.sql(ban, [ann.rowId, null]);
    expect(await sessions.find(token)).toMatchObject({ sessionId, accountId: ann.rowId });
  });

  it('gets a new role at the next request, and at once on open sockets', async () => {
    const key = await app.article();
    const ann = await app.reader('Ann Reader');
    const writer = await app.reader('Wri Ter');
    const tab = await ann.live();
    const staff = await admin.live();
    expect((await ann.get('/moderation/queues/reported')).status).toBe(403);

    expect((await admin.put(`/readers/${ann.accountId}/role`, { role: 'moderator' })).status).toBe(204);
    expect((await ann.get('/moderation/queues/reported')).status).toBe(200);
    await until('the new role', () => tab.sessions.at(-1)?.account?.role === 'moderator');
    const first = await writer.comment(key, 'First.');
    await writer.post(`/comments/${first.id}/reports`, { reason: 'spam' });
    await until('the queue', () => tab.events.includes('queue') && staff.events.includes('queue'));

    await admin.put(`/readers/${ann.accountId}/role`, { role: 'reader' });
    expect((await ann.get('/moderation/queues/reported')).status).toBe(403);
    await until('the old role', () => tab.sessions.at(-1)?.account?.role === 'reader');
    const before = tab.events.filter((it) => it === 'queue').length;
    const beforeAtDesk = staff.events.filter((it) => it === 'queue').length;
    const second = await writer.comment(key, 'Second.');
    await writer.post(`/comments/${second.id}/reports`, { reason: 'spam' });
    await until('the queue at the desk', () => staff.events.filter((it) => it === 'queue').length > beforeAtDesk);
    expect(tab.events.filter((it) => it === 'queue')).toHaveLength(before);
    expect(tab.disconnects).toBe(0);
  });

  it('accepts a socket ticket once', async () => {
    const ann = await app.reader('Ann Reader');
    const { body } = await ann.post<Schemas['SocketTicket']>('/session/socket-ticket');
    expect(body.expiresInSeconds).toBe(30);
    const tabs = await Promise.all(Array.from({ length: 5 }, () => ann.connect()));
    const acks = await Promise.all(tabs.map((it) => it.op({ op: 'auth', ticket: body.ticket })));
    expect(acks.filter((it) => it.ok)).toHaveLength(1);
    expect(acks.filter((it) => it.code === 'ticket.invalid')).toHaveLength(4);
  });
});
