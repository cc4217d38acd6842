import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { WebSocket } from 'ws';
import { settingOfLimit } from '../../src/settings/limit.settings.js';
import { Settings } from '../../src/settings/settings.service.js';
import { limitSettings } from '../../src/config/limit-setting.js';
import { DomainError } from '../../src/errors/domain-error.js';
import { definedLimits, WINDOW_SECONDS } from '../../src/http/limit.js';
import { addressKey, RateLimits } from '../../src/http/rate-limits.js';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor, HttpAnswer } from '../support/actor.js';
import { SITE, TestApp } from '../support/app.js';
import { until } from '../support/until.js';
import { Fingerprints } from './fingerprint.js';
import { expectProblem } from '../support/problems.js';
import { newEmail } from './api-fixture.js';

const LIMITS = {
  ...Object.fromEntries(limitSettings().map((it) => [it.env, '2'])),
  ROLE: 'web',
  LIMIT_POSTS_PER_MINUTE: '2',
  LIMIT_REPORTS_PER_HOUR: '2',
  LIMIT_MAILS_PER_ADDRESS_PER_HOUR: '2',
  LIMIT_MAILS_PER_IP_PER_HOUR: '3',
  LIMIT_REDEEMS_PER_IP_PER_HOUR: '6',
  LIMIT_ARTICLES_PER_IP_PER_HOUR: '2',
  LIMIT_SOCKETS_PER_IP: '3',
};

let addresses = 0;
/** Returns the header of a client at an address that no other test uses. */
const from = (address = `198.51.100.${(addresses += 1)}`): Record<string, string> => ({ 'x-forwarded-for': address });

describe('bad input: limits', () => {
  let app: TestApp;
  let fingerprints: Fingerprints;

  beforeAll(async () => {
    app = await TestApp.start({ env: { ...LIMITS, TRUST_PROXY: '1' } });
    fingerprints = await Fingerprints.of(app.database.url);
  });
  afterAll(async () => {
    await fingerprints.close();
    await app.stop();
  });

  const postArticle = (headers: Record<string, string>, over = app): Promise<HttpAnswer> =>
    over.anonymous().post('/articles', { url: `${SITE}/${Math.random()}` }, headers);

  /** Calls until the limit is reached, and then expects a refusal with the time to wait and without a new row. */
  const expectLimit = async (allowed: number, within: number, call: () => Promise<HttpAnswer>): Promise<void> => {
    const begun = Date.now();
    for (let i = 0; i < allowed; i += 1) expect((await call()).status).not.toBe(429);
    const before = await fingerprints.take();
    for (let i = 0; i < 3; i += 1) {
      const answer = await call();
      expectProblem(answer, 429, 'rate.limited');
      const wait = Number(answer.headers.get('retry-after'));
      // An earlier test may have begun the window, at most a tenth of it ago.
      expect(wait).toBeGreaterThanOrEqual(within * 0.9 - (Date.now() - begun) / 1000);
      expect(wait).toBeLessThanOrEqual(within);
      expect(answer.headers.get('access-control-expose-headers')).toContain('retry-after');
    }
    expect(await fingerprints.take()).toEqual(before);
  };

  it('counts posts and edits by account, at all addresses', async () => {
    const ann = await app.reader('Ann Fast');
    const ben = await app.reader('Ben Slow');
    const key = await app.article();
    await expectLimit(2, 60, () => ann.post(`/articles/${key}/comments`, { body: `No ${Math.random()}` }, from()));
    expect((await ben.post(`/articles/${key}/comments`, { body: 'Mine.' })).status).toBe(201);
    const { id } = await ben.comment(key, 'Another one.');
    await expectLimit(0, 60, () => ben.patch(`/comments/${id}`, { body: 'A third.' }));
  });

  it('counts reports by account, or else by address', async () => {
    const key = await app.article();
    const writer = await app.reader('Wil Writer');
    const ids = [(await writer.comment(key, 'One.')).id, (await writer.comment(key, 'Two.')).id];
    const ann = await app.reader('Ann Reporter', 'moderator');
    let turn = 0;
    const report = (actor: typeof ann, headers: Record<string, string>) =>
      actor.post(`/comments/${ids[(turn += 1) % 2]}/reports`, { reason: 'spam' }, headers);
    await expectLimit(2, 3_600, () => report(ann, from()));
    const home = from();
    await expectLimit(2, 3_600, () => report(app.anonymous(), home));
    expect((await report(app.anonymous(), from())).status).toBe(201);
  });

  it('counts mails to one address from one network and from all', async () => {
    const email = newEmail();
    const ask = (headers: Record<string, string>) =>
      app.anonymous().post('/sign-in-links', { email: email.toUpperCase() }, headers);
    const home = from();
    await expectLimit(2, 3_600, () => ask(home));
    // both routes count together
    const again = await app.anonymous().post('/accounts', { email, displayName: 'Ann Reader' }, home);
    expectProblem(again, 429, 'rate.limited');
    await expectLimit(4, 3_600, () => ask(from()));
  });

  it('counts the mails that one network requests', async () => {
    const home = from();
    await expectLimit(3, 3_600, () => app.anonymous().post('/sign-in-links', { email: newEmail() }, home));
    expect((await app.anonymous().post('/sign-in-links', { email: newEmail() }, from())).status).toBe(202);
  });

  it('counts mails to the owner’s own browser apart, so that a stranger cannot use up its limit', async () => {
    const owner = await app.reader('Own Er');
    const { email } = (await owner.get<Schemas['OwnProfile']>('/me')).body;
    await owner.delete('/session');
    const home = from();
    const ask = (actor: Actor, headers: Record<string, string>) => actor.post('/sign-in-links', { email }, headers);
    const stranger = await app.reader('Stran Ger'); // this browser was signed in with another address
    for (let i = 0; i < 3; i += 1) await ask(stranger, home);
    await expectLimit(4, 3_600, () => ask(stranger, from()));
    await expectLimit(2, 3_600, () => ask(owner, home));
  });

  it('counts the links and codes that are tried from one address', async () => {
    const home = from();
    const guess = { email: newEmail(), code: '123456' };
    await expectLimit(6, 3_600, () => app.anonymous().post('/sign-in-links/redeem', guess, home));
  });

  it('refuses a further socket of one network until one of them is closed', async () => {
    /** Opens a socket. @returns it, or the answer that refused it */
    const open = (headers: Record<string, string>): Promise<WebSocket | HttpAnswer> =>
      new Promise((resolve, reject) => {
        const url = `${app.url.replace('http', 'ws')}/live/?EIO=4&transport=websocket`;
        const socket = new WebSocket(url, { headers: { origin: SITE, ...headers } });
        socket.on('open', () => resolve(socket));
        socket.on('error', reject);
        socket.on('unexpected-response', (_request, response) => {
          void new Response(Readable.toWeb(response) as never).text().then((text) => {
            const headers = new Headers(response.headers as Record<string, string>);
            const body = response.statusCode === 429 ? (JSON.parse(text) as HttpAnswer['body']) : {};
            resolve({ status: response.statusCode!, body, headers, text });
          });
        });
      });
    const home = '2001:db8:77:1::';
    const sockets: WebSocket[] = [];
    const enter = async (headers: Record<string, string>): Promise<void> => {
      const socket = await open(headers);
      expect(socket).toBeInstanceOf(WebSocket);
      sockets.push(socket as WebSocket);
    };
    // A socket that is refused for another reason does not count.
    for (let i = 0; i < 4; i += 1)
      expect(await open({ ...from(`${home}1`), origin: 'https://evil.example' })).toMatchObject({ status: 400 });
    for (let i = 0; i < 3; i += 1) await enter(from(`10.0.0.${i}, ${home}${i}`));
    const refused = (await open(from(`${home}9`))) as HttpAnswer;
    expectProblem(refused, 429, 'rate.limited');
    expect(refused.headers.get('retry-after')).toBe('60');
    // A client that hangs up before the answer does not end the process.
    const uncaught: unknown[] = [];
    const note = (error: unknown): void => void uncaught.push(error);
    process.on('uncaughtException', note);
    const { hostname, port } = new URL(app.url);
    const handshake = [
      'GET /live/?EIO=4&transport=websocket HTTP/1.1',
      `Host: ${hostname}:${port}`,
      `Origin: ${SITE}`,
      `X-Forwarded-For: ${home}9`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ].join('\r\n');
    for (let n = 0; n < 20; n += 1)
      await new Promise<void>((resolve) => {
        const hasty = connect(Number(port), hostname, () => {
          hasty.write(`${handshake}\r\n\r\n`, () => hasty.resetAndDestroy());
        });
        hasty.on('close', () => resolve()).on('error', () => {});
      });
    expectProblem((await open(from(`${home}9`))) as HttpAnswer, 429, 'rate.limited');
    process.off('uncaughtException', note);
    expect(uncaught).toEqual([]);
    await enter(from('2001:db8:77:2::1'));
    sockets[0]!.close();
    await until('a free place', async () => {
      const socket = await open(from(`${home}9`));
      if (socket instanceof WebSocket) sockets.push(socket);
      return socket instanceof WebSocket;
    });
    expect(await open(from(`${home}9`))).toMatchObject({ status: 429 });
    for (const socket of sockets) socket.terminate();
  });

  describe('each declared limit', () => {
    it.each(definedLimits().map((it) => [it.name, it] as const))(
      'allows %s as often as the setting says, and then gives the time to wait',
      async (_name, limit) => {
        const most = app.get(Settings).get(settingOfLimit(limit.setting)) * (limit.times ?? 1);
        const consume = () => app.get(RateLimits).consume(limit, 'a key of this test');
        for (let n = 0; n < most; n += 1) await consume();
        const refusal = await consume().catch((error: unknown) => error as DomainError);
        expect(refusal).toBeInstanceOf(DomainError);
        const { code, details } = refusal as DomainError;
        expect(code).toBe('rate.limited');
        expect(details.retryAfter).toBeGreaterThan(0);
        expect(details.retryAfter).toBeLessThanOrEqual(WINDOW_SECONDS[limit.per]);
        expect(details.detail).toMatch(/^[A-Z][^.]+\. Try again in (1 second|\d+ (seconds|minutes|hours))\.$/);
        await app.get(RateLimits).consume(limit, 'another key');
      },
    );

    it('is one of those that the app starts with', () => {
      expect(definedLimits().map((it) => it.name)).toEqual(
        expect.arrayContaining([
          'post',
          'report',
          'mail-own',
          'mail-to-ip',
          'mail-to',
          'mail-ip',
          'redeem',
          'article',
          'subscription',
          'donation',
        ]),
      );
    });
  });

  it('believes only the last entry of X-Forwarded-For when there is one proxy', async () => {
    const home = '203.0.113.7';
    let spoofed = 0;
    await expectLimit(2, 3_600, () => postArticle({ 'x-forwarded-for': `10.0.0.${(spoofed += 1)}, ${home}` }));
    expect((await postArticle({ 'x-forwarded-for': `${home}, 203.0.113.8` })).status).toBe(201);
  });

  it('counts a /64 of IPv6 as one address', async () => {
    let host = 0;
    await expectLimit(2, 3_600, () => postArticle(from(`2001:db8:1:2:${(host += 1).toString(16)}::${host}`)));
    expect((await postArticle(from('2001:db8:1:3::1'))).status).toBe(201);
  });

  it('counts all spellings of an address together', () => {
    expect(addressKey('2001:db8:1:2::1')).toBe(addressKey('2001:0DB8:0001:0002:ffff:ffff:ffff:ffff'));
    expect(addressKey('2001:db8:1:2::1')).not.toBe(addressKey('2001:db8:1:3::1'));
    expect(addressKey('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(addressKey('::ffff:c000:201')).toBe('192.0.2.1');
    expect(addressKey('192.0.2.1')).not.toBe(addressKey('192.0.2.2'));
    expect(addressKey('not an address')).toBe('unknown');
  });

  it('believes no header when no proxy is trusted', async () => {
    const direct = await TestApp.start({ env: LIMITS });
    try {
      for (let i = 0; i < 2; i += 1) expect((await postArticle(from(), direct)).status).toBe(201);
      expectProblem(await postArticle(from(), direct), 429, 'rate.limited');
      expectProblem(
        await postArticle({ ...from(), forwarded: 'for=192.0.2.9', 'x-real-ip': '192.0.2.9' }, direct),
        429,
        'rate.limited',
      );
      const keys = await direct.sql<{ key: string }>(`select key from rate_limits where key like 'article:%'`);
      expect(keys).toEqual([{ key: 'article:127.0.0.1' }]);
    } finally {
      await direct.stop();
    }
  });

  it('counts requests on all nodes together, also at the same moment', async () => {
    const other = await TestApp.start({ env: { ...LIMITS, TRUST_PROXY: '1' }, database: app.database });
    try {
      const home = from();
      const answers = await Promise.all(Array.from({ length: 10 }, (_it, i) => postArticle(home, i % 2 ? app : other)));
      expect(answers.map((it) => it.status).sort((a, b) => a - b)).toEqual([
        201,
        201,
        ...Array.from({ length: 8 }, () => 429),
      ]);
    } finally {
      await other.stop();
    }
  });
});
