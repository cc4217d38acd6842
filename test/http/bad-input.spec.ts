import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Actor, HttpAnswer } from '../support/actor.js';
import { SITE, TestApp } from '../support/app.js';
import { stripeFor } from '../support/stripe.js';
import { routes } from './contract-doc.js';
import { Fingerprints } from './fingerprint.js';
import { fetchOpenApi, operationsOf } from './openapi-document.js';
import { expectProblem } from '../support/problems.js';
import { buildApiFixture, type ApiFixture } from './api-fixture.js';
import { callerOf, type WriteRoute, writeRoutes } from './write-routes.js';

const NO_IDS = [
  'abc',
  '0',
  '-1',
  '1e3',
  '01',
  '1.0',
  ' 1',
  '%00',
  "1'--",
  '99999999999999999999',
  '9223372036854775808',
];
const UNKNOWN_IDS = ['9223372036854775807', '999999'];
const FOREIGN_ORIGINS = [
  'https://evil.example',
  'null',
  `${SITE}.evil.example`,
  SITE.replace('http:', 'https:'),
  `${SITE}/`,
];

/** The calls that run last, because they would change the outcome of the others. */
const LAST = ['PUT /api/v1/readers/{id}/role', 'DELETE /api/v1/comments/{id}'];

/** Returns copies of a body, in each of which one text is changed. */
function withEachText(body: unknown, change: (text: string) => string): unknown[] {
  if (typeof body === 'string') return [change(body)];
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([key, value]) =>
    withEachText(value, change).map((it) => {
      const copy = structuredClone(body) as Record<string, unknown>;
      copy[key] = it;
      return copy;
    }),
  );
}

const withBody = (it: WriteRoute): boolean => it.body !== undefined;

describe('bad input', () => {
  let app: TestApp;
  let api: ApiFixture;
  let fingerprints: Fingerprints;
  let unverified: Actor;
  let closeStripe: () => Promise<void>;

  beforeAll(async () => {
    const { stripe, env } = await stripeFor();
    closeStripe = () => stripe.close();
    app = await TestApp.start({ env: { ROLE: 'web', ...env } });
    api = await buildApiFixture(app);
    unverified = await app.reader('Una Confirmed');
    await app.sql('update accounts set email_verified_at = null where id = $1', [unverified.rowId]);
    fingerprints = await Fingerprints.of(app.database.url);
  });
  afterAll(async () => {
    await fingerprints.close();
    await app.stop();
    await closeStripe();
  });

  /** Calls a route as an actor who may call it, with the given deviations. */
  const call = (
    name: string,
    over: { actor?: Actor; path?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<HttpAnswer> => {
    const route = writeRoutes[name]!;
    const { actor, headers } = callerOf(route, api);
    const body = 'body' in over ? over.body : route.body?.(api);
    return (over.actor ?? actor).send(name.split(' ')[0]!, over.path ?? route.path(api), body, {
      ...headers,
      ...over.headers,
    });
  };

  const leavesNothing = async (work: () => Promise<void>): Promise<void> => {
    const before = await fingerprints.take();
    await work();
    expect(await fingerprints.take()).toEqual(before);
  };

  it('is tried on every route that writes, with the callers that the contract names', async () => {
    const served = operationsOf(await fetchOpenApi(app.url)).filter((it) => it.method !== 'GET');
    expect(Object.keys(writeRoutes).sort()).toEqual(served.map((it) => `${it.method} ${it.path}`).sort());
    for (const it of served)
      expect([it.path, writeRoutes[`${it.method} ${it.path}`]!.body !== undefined]).toEqual([
        it.path,
        it.requestBody !== undefined,
      ]);
    const whos = routes().filter((it) => it.method !== 'GET');
    for (const { method, path, who } of whos)
      expect([path, writeRoutes[`${method} ${path}`]!.who]).toEqual([path, who]);
  });

  describe.each(Object.entries(writeRoutes))('%s', (name, route) => {
    const isPublic = route.who === 'public';
    const isWebhook = route.who === 'Stripe';
    const needsSession = !['public', 'anyone', 'its donor', 'Stripe'].includes(route.who);

    if (withBody(route)) {
      it.each(route.wrong!)('refuses a wrong %s: %j', async (path, body) => {
        await leavesNothing(async () => {
          const answer = await call(name, { body });
          expectProblem(answer, 400, 'request.invalid');
          expect((answer.body.errors as { path: string }[]).map((it) => it.path)).toContain(path);
        });
      });

      it('never fails when a text has a NUL or half a character', async () => {
        for (const broken of ['\u0000', '\ud83d', '\udc00x'])
          for (const body of withEachText(route.body!(api), (it) => it + broken)) {
            const { status } = await call(name, { body });
            expect([broken, body, status < 500]).toEqual([broken, body, true]);
          }
      });

      it('refuses unknown keys', async () => {
        await leavesNothing(async () => {
          const good = JSON.stringify(route.body!(api)).slice(1);
          for (const key of ['surplus', 'id', 'constructor', 'toString', 'hasOwnProperty'])
            expectProblem(await call(name, { body: `{"${key}":"x",${good}` }), 400, 'request.invalid');
          for (const poison of ['"__proto__":{"role":"admin"}', '"constructor":{"prototype":{"role":"admin"}}']) {
            const answer = await call(name, { body: `{${poison},${good}` });
            expectProblem(answer, 400, String(answer.body.code));
            expect(answer.body.code).toMatch(/^request\.(invalid|malformed)$/);
          }
        });
      });

      it('refuses a body that is no object, and a missing one', async () => {
        await leavesNothing(async () => {
          const deep = '['.repeat(20_000) + ']'.repeat(20_000);
          for (const body of ['[]', deep, 'null', '7', '"text"', 'true', undefined])
            expectProblem(await call(name, { body }), 400, 'request.invalid');
        });
      });

      it('keeps broken characters and NULs out of the database', async () => {
        const good = Object.entries(route.body!(api)).filter(([, value]) => typeof value === 'string');
        for (const [key, value] of good)
          for (const odd of ['\u0000', `${String(value)}\u0000`, `${String(value)}\uD800`, '\u202E']) {
            const answer = await call(name, { body: { ...route.body!(api), [key]: odd } });
            expect([key, odd, answer.status < 500]).toEqual([key, odd, true]);
          }
        await restore(app, api);
      });
    }

    if (isWebhook)
      it('refuses a body without a valid signature, whatever it holds', async () => {
        await leavesNothing(async () => {
          for (const body of ['{', '{}', '[]', 'null', '{"id":"evt_1","object":"event"}'])
            for (const sent of ['', 't=1,v1=00', 'v1=00', 't=,v1='])
              expectProblem(
                await call(name, {
                  body,
                  headers: { origin: '', 'content-type': 'application/json', 'stripe-signature': sent },
                }),
                400,
                'webhook.refused',
              );
        });
      });

    const readsJson = !isWebhook;
    if (readsJson)
      it('answers 400, 415 or 413 to a body that is no JSON, not sent as JSON or too large', async () => {
        await leavesNothing(async () => {
          for (const body of ['{', '{"a":}', 'a=b', '{"a":1}}', '\u0000'])
            expectProblem(
              await call(name, { body, headers: { 'content-type': 'application/json' } }),
              400,
              'request.malformed',
            );
          for (const type of [
            'text/plain',
            'application/x-www-form-urlencoded',
            'multipart/form-data; boundary=x',
            'text/json',
          ])
            expectProblem(
              await call(name, { body: 'a=b', headers: { 'content-type': type } }),
              415,
              'request.unsupported_media_type',
            );
          const large = JSON.stringify({ ...route.body?.(api), large: 'x'.repeat(route.tooLarge ?? 70_000) });
          expectProblem(
            await call(name, { body: large, headers: { 'content-type': 'application/json' } }),
            413,
            'request.too_large',
          );
        });
      });

    if (route.withId)
      it('answers 404 when an id is malformed, overflowing, unknown or foreign', async () => {
        await leavesNothing(async () => {
          for (const id of [...NO_IDS, ...UNKNOWN_IDS, ...(route.foreign ? [route.foreign(api)] : [])])
            expectProblem(await call(name, { path: route.withId!(encode(id)) }), 404, route.notFound!);
        });
      });

    if (!isPublic) {
      it('refuses a foreign Origin', async () => {
        await leavesNothing(async () => {
          for (const origin of FOREIGN_ORIGINS)
            expectProblem(await call(name, { headers: { origin } }), 403, 'origin.refused');
        });
      });

      if (!isWebhook)
        it('refuses a request without an Origin when it carries no bearer token', async () => {
          await leavesNothing(async () => {
            expectProblem(await call(name, { headers: { origin: '', authorization: '' } }), 403, 'origin.refused');
            expectProblem(
              await call(name, { headers: { origin: '', authorization: 'Basic x' } }),
              403,
              'origin.refused',
            );
          });
        });
    }

    if (needsSession)
      it('refuses a request without a session, or with an invalid one', async () => {
        const code = route.who === 'publisher' ? 'api_key.required' : 'session.required';
        const wrongToken = 'x'.repeat(43);
        const otherKind =
          route.who === 'publisher' ? api.admin.cookies.get('__Host-rostra')! : api.publisher.authorization!.slice(7);
        const stranger = app.anonymous();
        await leavesNothing(async () => {
          const tries: Record<string, string>[] = [
            { authorization: '', origin: SITE },
            { authorization: '', origin: SITE, cookie: `__Host-rostra=${wrongToken}` },
            { authorization: '', origin: SITE, cookie: '__Host-rostra=' },
            { authorization: `Bearer ${wrongToken}`, origin: '' },
            { authorization: `Bearer rk_${wrongToken}`, origin: '' },
            { authorization: `Bearer ${otherKind}`, origin: '' },
            // a bearer token takes precedence over the cookie
            { authorization: `Bearer ${wrongToken}`, cookie: api.admin.cookieHeader },
          ];
          for (const headers of tries) expectProblem(await call(name, { actor: stranger, headers }), 401, code);
        });
      });

    if (['verified', 'moderator', 'admin'].includes(route.who))
      it('refuses an account whose address is not confirmed', async () => {
        await leavesNothing(async () => {
          expectProblem(await call(name, { actor: unverified }), 403, 'account.unverified');
        });
      });

    if (['moderator', 'admin'].includes(route.who))
      it('refuses the wrong role', async () => {
        await leavesNothing(async () => {
          const tooLow = route.who === 'admin' ? [api.ann, api.mod] : [api.ann];
          for (const actor of tooLow) expectProblem(await call(name, { actor }), 403, 'role.required');
        });
      });
  });

  it('refuses an Idempotency-Key that is no UUID', async () => {
    await leavesNothing(async () => {
      for (const key of ['1', 'x'.repeat(300), `${randomUUID()}0`])
        for (const name of [
          'POST /api/v1/articles/{key}/comments',
          'POST /api/v1/comments/{id}/reports',
          'POST /api/v1/moderation/comments/{id}/decisions',
          'POST /api/v1/donations',
          'POST /api/v1/alerts',
        ])
          expectProblem(await call(name, { headers: { 'idempotency-key': key } }), 400, 'request.invalid');
    });
  });

  it('refuses what only the services can check: a foreign parent or URL, an unknown reaction, the own account', async () => {
    const { key, root, ann, mod, admin, nobody } = api;
    const other = await app.article();
    await leavesNothing(async () => {
      for (const parentId of [...NO_IDS, ...UNKNOWN_IDS])
        expectProblem(
          await ann.post(`/articles/${key}/comments`, { body: 'To whom?', parentId }),
          404,
          'comment.not_found',
        );
      const elsewhere = { body: 'To another page.', parentId: root.id };
      expectProblem(await ann.post(`/articles/${other}/comments`, elsewhere), 404, 'comment.not_found');
      expectProblem(await nobody.post('/articles', { url: 'https://evil.example/' }), 403, 'article.foreign_url');
      for (const kind of ['love', 'LIKE', '__proto__', '%00'])
        expectProblem(await ann.put(`/comments/${root.id}/reactions/${kind}`), 404, 'reaction.not_found');
      expectProblem(await ann.put(`/readers/${ann.accountId}/follow`), 409, 'follow.self');
      expectProblem(await admin.put(`/readers/${admin.accountId}/role`, { role: 'reader' }), 409, 'role.own');
      expectProblem(await mod.put(`/readers/${admin.accountId}/ban`, { reason: 'Coup.' }), 403, 'role.higher');
      expectProblem(await nobody.post('/sign-in-links/redeem', { token: 'x'.repeat(43) }), 400, 'link.invalid');
      const guess = { email: 'nobody@example.test', code: '123456' };
      expectProblem(await nobody.post('/sign-in-links/redeem', guess), 400, 'link.invalid');
    });
  });

  it('refuses malformed article keys', async () => {
    await leavesNothing(async () => {
      for (const key of ['u-mine', '-dash', 'a%20b', 'x'.repeat(129), '%00', 'a%2Fb', '..%2F..'])
        expectProblem(await call('PUT /api/v1/articles/{key}', { path: `/articles/${key}` }), 400, 'request.invalid');
    });
  });

  it('joins the lines of an article’s title and section', async () => {
    const { nobody, publisher } = api;
    const facts = { url: `${SITE}/lines`, title: ' Two\r\nlines\u2028and\ta tab ', section: 'City\n\nLife' };
    const put = await nobody.put('/articles/2026-lines', facts, publisher);
    expect(put.body).toMatchObject({ title: 'Two lines and a tab', section: 'City Life' });
  });

  it('is the only reason for the refusals: the same calls succeed without it', async () => {
    const before = await fingerprints.take();
    // A token works once, and a webhook needs a signature; other specs show both.
    const names = Object.keys(writeRoutes).filter((it) => !/redeem|preview|webhooks/.test(it) && !LAST.includes(it));
    for (const name of [...names, ...LAST]) {
      const answer = await call(name);
      expect([name, answer.status < 300, answer.text]).toEqual([name, true, answer.text]);
    }
    const after = await fingerprints.take();
    const changed = Object.keys(after).filter((it) => after[it] !== before[it]);
    expect(changed).toEqual(
      expect.arrayContaining(['accounts', 'articles', 'comments', 'decisions', 'reports', 'sign_in_links']),
    );
  });
});

/** Escapes an id of the tables above, unless it is escaped already. */
const encode = (id: string): string => (id.includes('%') ? id : encodeURIComponent(id));

/** Undoes the changes of odd but valid texts, so that each route meets the same rows. */
async function restore(app: TestApp, { ann, ben, root, reply }: ApiFixture): Promise<void> {
  await app.sql('update accounts set banned_at = null where id = $1', [ben.rowId]);
  await app.sql(`update comments set state = 'published', removal_reason = null where id = any($1)`, [
    [root.id, reply.id],
  ]);
  await app.sql(`update accounts set display_name = 'Ann Reader' where id = $1`, [ann.rowId]);
}
