import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpAnswer } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { until } from '../support/until.js';
import { Fingerprints } from './fingerprint.js';
import { PostgresProxy } from './postgres-proxy.js';
import { expectProblem } from './problems.js';
import { buildWorld, newEmail, type ApiFixture } from './api-fixture.js';

describe('bad input: Postgres away', () => {
  let database: TestDatabase;
  let proxy: PostgresProxy;
  let app: TestApp;
  let world: ApiFixture;
  let fingerprints: Fingerprints;

  beforeAll(async () => {
    database = await cloneDatabase();
    proxy = await PostgresProxy.before(database.url);
    app = await TestApp.start({
      env: { ROLE: 'web' },
      database: { url: proxy.url, drop: async () => {} },
      logger: false, // each failure is logged; here they are meant
    });
    world = await buildWorld(app);
    fingerprints = await Fingerprints.of(database.url);
  });
  afterAll(async () => {
    await fingerprints.close();
    await app.stop();
    await proxy.cut();
    await database.drop();
  });

  const everything = ({ nobody, ann, mod, key, root }: ApiFixture): Promise<HttpAnswer>[] => [
    nobody.get(`/articles/${key}/comments`),
    nobody.get(`/articles/${key}/events`),
    nobody.post('/comment-counts', { keys: [key] }),
    ann.get('/session'),
    ann.get('/me/following/comments'),
    ann.post(`/articles/${key}/comments`, { body: 'Into the void.' }),
    ann.put(`/comments/${root.id}/reactions/like`),
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
    await until('readiness', async () => (await world.nobody.get('/health/ready')).status === 200);
    expect((await world.nobody.get(`/articles/${world.key}/comments`)).status).toBe(200);
    expect((await world.ann.get('/session')).body).toMatchObject({ account: { id: world.ann.accountId } });
  };

  it('answers 503 with Retry-After while Postgres is away, keeps living, and serves again when it is back', async () => {
    const before = await fingerprints.take();
    await proxy.cut();
    for (const answer of await Promise.all(everything(world))) expectAway(answer);
    expectAway(await world.nobody.get('/health/ready'));
    expect((await world.nobody.get('/health/live')).body).toEqual({ status: 'ok' });
    // what needs no database is answered as ever
    expectProblem(await world.nobody.post('/sign-in-links', { email: 7 }), 400, 'request.invalid');
    expect(await fingerprints.take()).toEqual(before);
    await proxy.mend();
    await expectBack();
  });

  it('answers so too while Postgres accepts connections and says nothing', async () => {
    const before = await fingerprints.take();
    await proxy.fallSilent();
    for (const answer of await Promise.all(everything(world).slice(0, 6))) expectAway(answer);
    expect(await fingerprints.take()).toEqual(before);
    await proxy.mend();
    await expectBack();
  });

  it('survives connections that die between two requests', async () => {
    for (let i = 0; i < 3; i += 1) {
      await proxy.cut();
      await proxy.mend();
      await expectBack();
    }
    expect((await world.ann.post(`/articles/${world.key}/comments`, { body: 'Still here.' })).status).toBe(201);
  });
});
