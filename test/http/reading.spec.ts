import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReactionCounter } from '../../src/comments/reactions/reaction-counter.js';
import type { Schemas } from '../../web/shared/contract.js';
import type { HttpAnswer } from '../support/actor.js';
import { SITE, TestApp } from '../support/app.js';
import { stripeFor } from '../support/stripe.js';
import { until } from '../support/until.js';
import { nameOf, routes } from './contract-doc.js';
import { Fingerprints } from './fingerprint.js';
import { fetchOpenApi, type Operation, operationsOf } from './openapi-document.js';
import { expectProblem } from '../support/problems.js';
import { buildApiFixture, newDonation, type ApiFixture } from './api-fixture.js';

const BASE = '/api/v1';
const ANYWHERE = 'https://anywhere.example';
const isPublic = new Set(
  routes()
    .filter((it) => it.who === 'public')
    .map(nameOf),
);

describe('bad input: reading', () => {
  let app: TestApp;
  let api: ApiFixture;
  let reads: Operation[];
  let publicReads: Operation[];
  let donationId: string;
  let closeStripe: () => Promise<void>;

  beforeAll(async () => {
    const { stripe, env } = await stripeFor();
    closeStripe = () => stripe.close();
    app = await TestApp.start({ env: { ROLE: 'web', ...env } });
    api = await buildApiFixture(app);
    const { body } = await api.admin.post<Schemas['Checkout']>('/donations', newDonation());
    donationId = body.id;
    // While a donation is pending, a status request enqueues a poll of Stripe. A paid one is read like the rest.
    await app.sql(`update donations set state = 'paid' where id = $1`, [donationId]);
    reads = operationsOf(await fetchOpenApi(app.url)).filter((it) => it.method === 'GET' && it.path.startsWith(BASE));
    publicReads = reads.filter((it) => isPublic.has(nameOf(it)));
    expect(publicReads.length).toBeGreaterThan(6);
  });
  afterAll(async () => {
    await app.stop();
    await closeStripe();
  });

  const pathOf = (operation: Operation, id?: string): string =>
    operation.path
      .slice(BASE.length)
      .replace('settings/{key}', `settings/${id ?? 'site.name'}`)
      .replace('{key}', id ?? api.key)
      .replace('{name}', id ?? 'reported')
      .replace('readers/{id}', `readers/${id ?? api.ann.accountId}`)
      .replace('push/subscriptions/{id}', `push/subscriptions/${id ?? api.subscriptionId}`)
      .replace('alerts/{id}', `alerts/${id ?? api.alertId}`)
      .replace('donations/{id}', `donations/${id ?? donationId}`)
      .replace('{id}', id ?? api.root.id);
  const withQuery = (name: string): Operation[] =>
    reads.filter((it) => it.parameters.some((one) => one.in === 'query' && one.name === name));
  const raw = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${app.url}${path}`, init);

  it('refuses a limit outside its bounds instead of clamping it', async () => {
    expect(withQuery('limit').length).toBeGreaterThan(5);
    for (const operation of withQuery('limit')) {
      for (const limit of ['0', '101', '9999', '-1', '1.5', 'abc', '', '1e1', '0x10', '%201', '99999999999999999999']) {
        const answer = await api.admin.get(`${pathOf(operation)}?limit=${limit}`);
        expectProblem(answer, 400, 'request.invalid');
        expect(answer.body.errors).toEqual([{ path: 'limit', message: expect.any(String) }]);
      }
      for (const limit of ['1', '100'])
        expect((await api.admin.get(`${pathOf(operation)}?limit=${limit}`)).status).toBe(200);
    }
  });

  it('refuses cursors that it did not issue, also those of another order', async () => {
    const cursors = ['', 'abc', 'id:0:0', 'id:1:1', 'newest:x:1', 'newest:1', 'newest:1:1:1', 'newest:1:-1', '%00'];
    const large = [
      'newest:1:99999999999999999999',
      'newest:99999999999999999:1',
      'top:NaN:1',
      'oldest:-1:1',
      'x'.repeat(101),
    ];
    for (const operation of withQuery('after'))
      for (const after of [...cursors, ...large])
        expectProblem(await api.admin.get(`${pathOf(operation)}?after=${after}`), 400, 'request.invalid');
    const { nobody, key } = api;
    for (const [sort, after] of [
      ['newest', 'oldest:1:1'],
      ['top', 'newest:1:1'],
      ['top', 'top:1e308:1'],
      ['replies', 'replies:9999999999:1'],
      ['reactions', 'id:0:1'],
    ])
      expectProblem(await nobody.get(`/articles/${key}/comments?sort=${sort}&after=${after}`), 400, 'request.invalid');
    for (const after of ['-1', '1.5', '1e3', '9999999999999999'])
      expectProblem(await nobody.get(`/articles/${key}/events?after=${after}`), 400, 'request.invalid');
  });

  it('answers cursors with the largest and smallest values', async () => {
    const { nobody, key } = api;
    for (const [sort, after] of [
      ['newest', 'newest:9999999999999999:9223372036854775807'],
      ['oldest', 'oldest:0:1'],
      ['top', 'top:999999999.99999999999999999:1'],
      ['replies', 'replies:999999999:1'],
      ['reactions', 'reactions:0:1'],
    ])
      expect((await nobody.get(`/articles/${key}/comments?sort=${sort}&after=${after}`)).status).toBe(200);
    expect((await nobody.get(`/articles/${key}/events?after=999999999999999`)).body).toEqual({ reset: true });
  });

  it('refuses repeated, array, unknown and impossible parameters', async () => {
    for (const operation of withQuery('limit'))
      for (const query of [
        'limit=1&limit=2',
        'limit[]=1',
        'after=a&after=b',
        'surplus=1',
        'constructor=1',
        '__proto__=1',
      ])
        expectProblem(await api.admin.get(`${pathOf(operation)}?${query}`), 400, 'request.invalid');
    for (const operation of withQuery('sort'))
      for (const sort of ['best', '', 'NEWEST', 'newest&sort=oldest', '%00'])
        expectProblem(await api.admin.get(`${pathOf(operation)}?sort=${sort}`), 400, 'request.invalid');
  });

  it('answers 404 when an id or key is malformed, overflowing or unknown', async () => {
    const ids = [
      'abc',
      '-1',
      '%00',
      '9223372036854775808',
      '99999999999999999999',
      'x'.repeat(250),
      '%F0%9F%98%80',
      "'",
    ];
    for (const operation of reads.filter((it) => it.path.includes('{')))
      for (const id of ids) {
        // A page may register a well-formed key, so its conversation is empty.
        if (operation.path === '/api/v1/articles/{key}/comments' && /^\w+$/.test(id) && id.length < 128) continue;
        const answer = await api.admin.get(pathOf(operation, id));
        expectProblem(answer, 404, String(answer.body.code));
        expect(answer.body.code).toMatch(
          /^(article|comment|reader|queue|subscription|alert|donation|setting)\.not_found$/,
        );
      }
  });

  it('answers problem documents to malformed addresses, unknown routes and methods', async () => {
    const { nobody, mod } = api;
    for (const path of ['/articles/%zz', '/articles/%ff/comments', '/readers/%E0%A4%A/comments'])
      expectProblem(await nobody.get(path), 400, 'request.malformed');
    for (const path of ['/nothing', '/articles/', '/comments', '/me/', '/Session', `/${'x'.repeat(400)}`])
      expectProblem(await mod.get(path), 404, 'route.not_found');
    for (const [method, path, allow] of [
      ['GET', '/articles', 'POST'],
      ['POST', '/me', 'GET, HEAD, PATCH'],
      ['DELETE', '/articles/x', 'GET, HEAD, OPTIONS, PUT'],
      ['PUT', '/comment-counts', 'OPTIONS, POST'],
      ['PATCH', '/session', 'DELETE, GET, HEAD'],
    ] as const) {
      const answer: HttpAnswer = await mod.send(method, path, method === 'GET' ? undefined : {});
      expectProblem(answer, 405, 'route.method_not_allowed');
      expect(answer.headers.get('allow')).toBe(allow);
    }
    for (const path of ['/api', '/api/v1', '/api/v2/session', '/health', '/.env', '/..%2f..%2fetc%2fpasswd']) {
      const response = await raw(path);
      expect([path, response.status]).toEqual([path, 404]);
      expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    }
  });

  it('asks for a session when the contract requires one', async () => {
    for (const operation of reads.filter((it) => it.security))
      expectProblem(await api.nobody.get(pathOf(operation)), 401, 'session.required');
    for (const operation of reads.filter((it) => /moderation|alerts/.test(it.path)))
      expectProblem(await api.ann.get(pathOf(operation)), 403, 'role.required');
  });

  it('never changes a row by a GET or HEAD', async () => {
    const fingerprints = await Fingerprints.of(app.database.url);
    try {
      const before = await fingerprints.take();
      for (const actor of [api.nobody, api.ann, api.admin])
        for (const operation of reads)
          for (const method of ['GET', 'HEAD']) {
            const { status } = await actor.send(method, pathOf(operation));
            const foreign = operation.path.includes('/donations/{') && actor !== api.admin;
            expect(foreign ? [404] : [200, 401, 403]).toContain(status);
            expect([method, operation.path, await fingerprints.take()]).toEqual([method, operation.path, before]);
          }
    } finally {
      await fingerprints.close();
    }
  });

  it('answers public reads to any site with the same bytes and without a cookie', async () => {
    for (const operation of publicReads) {
      const path = BASE + pathOf(operation);
      const answers = await Promise.all(
        [{}, { origin: ANYWHERE }, { origin: SITE, cookie: api.mod.cookieHeader }].map((headers) =>
          raw(path, { headers }),
        ),
      );
      const texts = await Promise.all(answers.map((it) => it.text()));
      expect(new Set(texts).size).toBe(1);
      for (const { status, headers } of answers) {
        expect([path, status, headers.get('access-control-allow-origin')]).toEqual([path, 200, '*']);
        expect(headers.get('access-control-allow-credentials')).toBeNull();
        expect(headers.getSetCookie()).toEqual([]);
        expect(headers.get('access-control-expose-headers')).toBe('date, etag, retry-after');
        expect(headers.get('vary') ?? '').not.toMatch(/origin|cookie/i);
        expect(headers.get('cache-control')).toBe('public, max-age=0, s-maxage=1');
      }
      if (!operation.path.includes('{') || operation.path.endsWith('{key}/comments')) continue;
      const missing = await raw(BASE + pathOf(operation, 'none'), { headers: { origin: ANYWHERE } });
      expect([missing.status, missing.headers.get('access-control-allow-origin')]).toEqual([404, '*']);
      expect(missing.headers.get('cache-control')).toBe('no-store');
    }
  });

  it('answers 304 when the client has the current ETag', async () => {
    for (const operation of publicReads) {
      const path = BASE + pathOf(operation);
      const first = await raw(path);
      const etag = first.headers.get('etag')!;
      expect([path, etag]).toEqual([path, expect.stringMatching(/^W\/"[\w.-]{5,}"$/)]);
      for (const known of [etag, etag.slice(2), `"other", ${etag}`, '*']) {
        const again = await raw(path, { headers: { 'if-none-match': known, origin: ANYWHERE } });
        expect([path, known, again.status, await again.text()]).toEqual([path, known, 304, '']);
        expect(again.headers.get('etag')).toBe(etag);
        expect(again.headers.get('access-control-allow-origin')).toBe('*');
      }
      expect((await raw(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    }
  });

  it('answers with a new ETag after every kind of change', async () => {
    const { ann, ben, mod, nobody, publisher } = api;
    const key = await app.article();
    const { id } = await ann.comment(key, 'The first.');
    const { url } = (await nobody.get<Schemas['Article']>(`/articles/${key}`)).body;
    const changes: Record<string, () => Promise<{ status: number }>> = {
      posting: () => ann.post(`/articles/${key}/comments`, { body: 'Something new.' }),
      replying: () => ben.post(`/articles/${key}/comments`, { body: 'An answer.', parentId: id }),
      editing: () => ann.patch(`/comments/${id}`, { body: 'The very first.' }),
      reacting: async () => {
        const answer = await ben.put(`/comments/${id}/reactions/like`);
        await app.get(ReactionCounter).countChanged(); // a worker does this every second
        return answer;
      },
      removing: () => mod.post(`/moderation/comments/${id}/decisions`, { action: 'remove', reason: 'other' }),
      restoring: () => mod.post(`/moderation/comments/${id}/decisions`, { action: 'restore', reason: 'other' }),
      closing: () => nobody.put('/articles/2026-tagged', { url, title: 'Closed', state: 'closed' }, publisher),
      deleting: () => ann.delete(`/comments/${id}`),
    };
    const pages = [
      `/articles/${key}/comments`,
      `/articles/${key}/comments?sort=oldest&limit=1`,
      `/comments/${id}/context`,
    ];
    for (const [change, make] of Object.entries(changes)) {
      const before = await Promise.all(pages.map((it) => raw(BASE + it)));
      const tags = before.map((it) => it.headers.get('etag')!);
      expect([change, (await make()).status < 300]).toEqual([change, true]);
      for (const [index, page] of pages.entries())
        await until(`${page} after ${change}`, async () => {
          const answer = await raw(BASE + page, { headers: { 'if-none-match': tags[index]! } });
          return answer.status === 200 && answer.headers.get('etag') !== tags[index];
        });
    }
  });

  it('gives the counts an ETag, although they are read by POST', async () => {
    const ask = (headers: Record<string, string> = {}) =>
      api.nobody.post('/comment-counts', { keys: [api.key, 'unknown'] }, { origin: ANYWHERE, ...headers });
    const first = await ask();
    expect(first.body).toEqual({ counts: { [api.key]: expect.any(Number), unknown: 0 } });
    const etag = first.headers.get('etag')!;
    const again = await ask({ 'if-none-match': etag });
    expect([again.status, again.text, again.headers.get('access-control-allow-origin')]).toEqual([304, '', '*']);
  });

  describe('production: what the console of a page would show in red', () => {
    it('gives an empty conversation when no page has registered the article yet', async () => {
      const missing = async (key: string) =>
        raw(`${BASE}/articles/${key}/comments?sort=top`, { headers: { origin: ANYWHERE } });
      for (const key of ['u-0123456789abcdefghij_-', 'story.2026~1']) {
        const answer = await missing(key);
        expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
        expect(await answer.json()).toEqual({
          article: { key, state: 'open', commentCount: 0 },
          items: [],
          next: null,
          position: 0,
          registered: false,
        });
      }
      for (const key of ['u-short', '.story', 'a%20b', 'x'.repeat(129)])
        expect([key, (await missing(key)).status]).toEqual([key, 404]);
    });

    it('counts comments for a request that needs no preflight, and for no other than its JSON', async () => {
      const ask = (body: string, type = 'text/plain;charset=UTF-8') =>
        raw(`${BASE}/comment-counts`, { method: 'POST', body, headers: { origin: ANYWHERE, 'content-type': type } });
      const keys = JSON.stringify({ keys: [api.key] });
      const counted = await ask(keys);
      expect([counted.status, counted.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
      expect(await counted.text()).toBe(await (await ask(keys, 'application/json')).text());
      for (const [status, body, type] of [
        [400, '{"keys":[]}'],
        [415, '{"keys":["a"],"__proto__":{}}'],
        [413, JSON.stringify({ keys: ['x'.repeat(70_000)] })],
        [415, 'keys=a'],
        [415, ''],
        [415, keys, 'application/x-www-form-urlencoded'],
        [415, keys, 'multipart/form-data; boundary=x'],
      ] as const)
        expect([body, type, (await ask(body, type)).status]).toEqual([body, type, status]);
      // A form of another site sends no JSON type, so it can do nothing for the reader.
      const form = { origin: SITE, 'content-type': 'text/plain' };
      for (const path of ['/session/socket-ticket', `/articles/${api.key}/comments`, '/articles'])
        expect([path, (await raw(BASE + path, { method: 'POST', body: '{}', headers: form })).status]).toEqual([
          path,
          415,
        ]);
    });
  });

  it('answers a problem document to bytes that are no HTTP', async () => {
    const head = 'GET /api/v1/session HTTP/1.1\r\nHost: localhost\r\n';
    for (const [text, status] of [
      ['HELLO\r\n\r\n', 400],
      [`${head}Bad Header: x\r\n\r\n`, 400],
      [`${head}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`, 400],
      [`${head}X: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
      [`${head}Expect: miracles\r\n\r\n`, 417],
    ] as const) {
      const answer = await exchange(app.url, text);
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(answer).toMatch(/Content-Type: application\/problem\+json; charset=utf-8\r\n/i);
      expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ status, code: 'request.refused' });
    }
    const hostless = await exchange(app.url, 'GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n');
    expect(hostless).toMatch(/^HTTP\/1\.1 400 [^]*"code":"request\.malformed"/);
    expect((await api.nobody.get('/health/live')).status).toBe(200);
  });

  it('answers other reads to the allowed origins only, with credentials and Vary', async () => {
    for (const operation of reads.filter((it) => !isPublic.has(nameOf(it)))) {
      const path = BASE + pathOf(operation);
      for (const headers of [{ origin: SITE }, { origin: SITE, cookie: api.admin.cookieHeader }]) {
        const answer = await raw(path, { headers });
        expect([path, answer.headers.get('access-control-allow-origin')]).toEqual([path, SITE]);
        expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
        expect(answer.headers.get('access-control-expose-headers')).toBe('date, etag, retry-after');
        expect(answer.headers.get('vary')).toMatch(/\borigin\b/i);
        expect(answer.headers.get('cache-control')).toBe('no-store');
      }
      for (const origin of [ANYWHERE, 'null', `${SITE}/`, SITE.toUpperCase()]) {
        const answer = await api.admin.get(pathOf(operation), { origin });
        expectProblem(answer, 403, 'origin.refused');
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
        expect(answer.headers.get('vary')).toMatch(/\borigin\b/i);
        expect(answer.headers.getSetCookie()).toEqual([]);
      }
      // a GET of the same origin has no Origin header
      const own = await raw(path, { headers: { cookie: api.admin.cookieHeader } });
      expect([own.status, own.headers.get('access-control-allow-origin')]).toEqual([200, null]);
      expect(own.headers.get('vary')).toMatch(/\borigin\b/i);
      for (const site of ['cross-site', 'same-site']) {
        const embedded = await raw(path, { headers: { cookie: api.admin.cookieHeader, 'sec-fetch-site': site } });
        expect(embedded.status).toBe(403);
      }
    }
  });

  it('answers preflights of public reads to any site, and others to the allowed origins', async () => {
    const ask = (path: string, origin: string, method: string) =>
      raw(path, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': method,
          'access-control-request-headers': 'content-type, idempotency-key, if-none-match',
        },
      });
    const all = operationsOf(await fetchOpenApi(app.url)).filter((it) => it.path.startsWith(BASE));
    for (const operation of all) {
      const path = BASE + pathOf(operation).replace('{kind}', 'like');
      const open = isPublic.has(nameOf(operation));
      const allowed = await ask(path, SITE, operation.method);
      expect([path, allowed.status, await allowed.text()]).toEqual([path, 204, '']);
      expect(allowed.headers.get('access-control-allow-origin')).toBe(open ? '*' : SITE);
      expect(allowed.headers.get('access-control-allow-credentials')).toBe(open ? null : 'true');
      expect(allowed.headers.get('access-control-allow-methods')).toContain(operation.method);
      expect(allowed.headers.get('access-control-allow-headers')).toMatch(
        /content-type.*idempotency-key.*if-none-match/,
      );
      expect(/origin/i.test(allowed.headers.get('vary') ?? '')).toBe(!open);
      const foreign = await ask(path, ANYWHERE, operation.method);
      expect([path, foreign.status]).toEqual([path, open ? 204 : 403]);
      expect(foreign.headers.get('access-control-allow-origin')).toBe(open ? '*' : null);
    }
  });
});

/** Sends raw bytes. @returns the bytes that come back until the server hangs up */
async function exchange(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.end(bytes);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}
