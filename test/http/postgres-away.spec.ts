import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpAnswer } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { until } from '../support/until.js';
import { Fingerprints } from './fingerprint.js';
import { PostgresProxy } from './postgres-proxy.js';
import { expectProblem } from '../support/problems.js';
import { buildApiFixture, newEmail, type ApiFixture } from './api-fixture.js';

describe('bad input: Postgres away', () => {
  let database: TestDatabase;
  let proxy: PostgresProxy;
  let app: TestApp;
  let api: ApiFixture;
  let fingerprints: Fingerprints;

  beforeAll(async () => {
    database = await cloneDatabase();
    proxy = await PostgresProxy.before(database.url);
    app = await TestApp.start({
      env: { ROLE: 'web' },
      database: { url: proxy.url, drop: async () => {} },
      logger: false, // the failures of this spec are intended, so they are not logged
    });
    api = await buildApiFixture(app);
    fingerprints = await Fingerprints.of(database.url);
  });
  afterAll(async () => {
    await fingerprints.close();
    await app.stop();
    await proxy.cut();
    await database.drop();
  });

  const everything = ({ nobody, ann, ben, mod, key, root }: ApiFixture): Promise<HttpAnswer>[] => [
    nobody.get(`/articles/${key}/comments`),
    nobody.get(`/articles/${key}/events`),
    nobody.post('/comment-counts', { keys: [key] }),
    ann.get('/session'),
    ann.get('/me/following/comments'),
    ann.post(`/articles/${key}/comments`, { body: 'Into the void.' }),
    ben.put(`/comments/${root.id}/reactions/like`),
    ann.patch(`/comments/${root.id}`, { body: 'Changed.' }),
    mod.post(`/moderation/comments/${root.id}/decisions`, { action: 'remove', reason: 'other' }),
    nobody.post(`/comments/${root.id}/reports`, { reason: 'spam' }),
    nobody.post('/sign-in-links', { email: newEmail() }),
  ];

  const expectAway = (answer: HttpAnswer): void => {
    expectProblem(answer, 503, 'service.unavailable');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.headers.getSetCookie()).toEqual([]);
  };

  const expectBack = async (): Promise<void> => {
    await until('readiness', async () => (await api.nobody.get('/health/ready')).status === 200);
    expect((await api.nobody.get(`/articles/${api.key}/comments`)).status).toBe(200);
    expect((await api.ann.get('/session')).body).toMatchObject({ account: { id: api.ann.accountId } });
  };

  it('answers 503 with Retry-After while Postgres is away, and serves again when it is back', async () => {
    const before = await fingerprints.take();
    await proxy.cut();
    for (const answer of await Promise.all(everything(api))) expectAway(answer);
    expectAway(await api.nobody.get('/health/ready'));
    expect((await api.nobody.get('/health/live')).body).toEqual({ status: 'ok' });
    // a request that needs no database is answered as usual
    expectProblem(await api.nobody.post('/sign-in-links', { email: 7 }), 400, 'request.invalid');
    expect(await fingerprints.take()).toEqual(before);
    await proxy.mend();
    await expectBack();
  });

  it('answers 503 when Postgres accepts connections and does not answer', async () => {
    const before = await fingerprints.take();
    await proxy.fallSilent();
    for (const answer of await Promise.all(everything(api).slice(0, 6))) expectAway(answer);
    expect(await fingerprints.take()).toEqual(before);
    await proxy.mend();
    await expectBack();
  });

  it('serves requests after its connections were closed', async () => {
    for (let i = 0; i < 3; i += 1) {
      await proxy.cut();
      await proxy.mend();
      await expectBack();
    }
    expect((await api.ann.post(`/articles/${api.key}/comments`, { body: 'Still here.' })).status).toBe(201);
  });
});
