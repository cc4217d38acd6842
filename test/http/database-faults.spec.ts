import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { connectionOptions, GuardedClient } from '../../src/database/connection.js';
import { poolOf } from '../../src/database/data-source.js';
import type { HttpAnswer } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { expectProblem } from '../support/problems.js';
import { until } from '../support/until.js';
import { type ApiFixture, buildApiFixture } from './api-fixture.js';
import { PostgresProxy } from './postgres-proxy.js';

describe('faults: the database', () => {
  let database: TestDatabase;
  let proxy: PostgresProxy;
  let app: TestApp;
  let api: ApiFixture;
  let direct: pg.Pool;

  beforeAll(async () => {
    database = await cloneDatabase();
    proxy = await PostgresProxy.before(database.url);
    app = await TestApp.start({
      // Ten reads and the app's own statements each need a place, because waiting for one ends sooner than a silence.
      env: { ROLE: 'web', DATABASE_TIMEOUT_SECONDS: '1', DATABASE_POOL: '20' },
      database: { url: proxy.url, drop: async () => {} },
      logger: false, // the failures of this spec are intended
    });
    api = await buildApiFixture(app);
    direct = new pg.Pool({ connectionString: database.url, max: 2 });
    direct.on('error', () => undefined);
  });
  afterAll(async () => {
    await direct.end();
    await app.stop();
    await proxy.cut();
    await database.drop();
  });

  const reads = (): Promise<HttpAnswer>[] => [
    api.nobody.get(`/articles/${api.key}/comments`),
    api.nobody.get(`/articles/${api.key}/events`),
    api.nobody.post('/comment-counts', { keys: [api.key] }),
    api.ann.get('/session'),
    api.ann.get('/me'),
  ];
  const write = () => api.ann.post(`/articles/${api.key}/comments`, { body: `A comment ${Math.random()}.` });
  const writesAgain = () => until('a write', async () => (await write()).status === 201, 10_000);
  /** Ends the sessions of all connections of the app, as a restart of Postgres does. */
  const endSessions = () =>
    direct.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name like 'rostra%'`);
  const block = (ms: number): void => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  };

  describe('connections that fall silent', () => {
    it.each([
      ['after a failover', false],
      ['when only the client believes in them', true],
    ])('are given up and replaced %s, and reads are answered by new ones', async (_when, endUpstream) => {
      await Promise.all([...reads(), ...reads(), write()]);
      proxy.forgetConnections(endUpstream);
      const answers = await Promise.all([...reads(), ...reads()]);
      expect(answers.map((it) => it.status)).toEqual(answers.map(() => 200));
      await writesAgain();
      expect((await api.nobody.get('/health/ready')).body).toEqual({ status: 'ok' });
    });

    const make = async () => {
      const client = new GuardedClient(connectionOptions(proxy.url, 'rostra test', 1_000) as object);
      await client.connect();
      return client as unknown as pg.Client & {
        quiet: number;
        probe(): void;
        giveUp(tickMs: number): void;
        connection: { stream: Socket };
      };
    };

    it('are given up without one whose probe was answered and which runs a statement', async () => {
      const [silent, sound] = [await make(), await make()];
      sound.probe();
      await sound.query('select 1');
      const running = sound.query<{ done: number }>('select 7 as done from pg_sleep(0.2)');
      silent.giveUp(0);
      expect((await running).rows).toEqual([{ done: 7 }]);
      await sound.end();
    });

    it('are given up together with an idle one that is being probed, which a repeated read would get', async () => {
      const [busy, idle] = [await make(), await make()];
      proxy.forgetConnections();
      const lost = busy.query('select 1').then(
        () => 'answered',
        () => idle.connection.stream.destroyed,
      );
      await until('half of the patience', () => busy.quiet >= 400);
      idle.probe(); // its own patience begins here
      expect(await lost).toBe(true);
    });

    it('are found while they are idle', async () => {
      await Promise.all([...reads(), ...reads()]);
      const pool = poolOf(app.get(DataSource));
      const before = pool.totalCount;
      expect(before).toBeGreaterThan(1);
      const lost = new Promise((resolve) => pool.once('remove', resolve));
      proxy.forgetConnections();
      await lost;
      await writesAgain();
    });

    it('lets readiness answer in time, and name the reason', async () => {
      await proxy.fallSilent();
      const begun = performance.now();
      const busy = reads();
      const answers = await Promise.all([1, 2, 3].map(() => api.nobody.get('/health/ready')));
      expect(performance.now() - begun).toBeLessThan(2_000);
      for (const answer of answers) expectProblem(answer, 503, 'service.unavailable');
      for (const answer of await Promise.all(busy)) expectProblem(answer, 503, 'service.unavailable');
      expect((await api.nobody.get('/health/ready')).body).toMatchObject({
        reason: expect.stringMatching(/^database_/),
      });
      await proxy.mend();
      await until('readiness', async () => (await api.nobody.get('/health/ready')).status === 200);
    });
  });

  describe('sessions that Postgres ends', () => {
    it('do not end the process when it is held up meanwhile', async () => {
      for (let round = 0; round < 5; round += 1) {
        const running = [...reads(), write(), write()];
        const ended = endSessions();
        block(30 * round);
        await ended;
        for (const { status } of await Promise.all(running)) expect([200, 201, 503]).toContain(status);
        await writesAgain();
      }
    });

    it('are heard on every client, also between its steps through a pool', async () => {
      const pool = poolOf(app.get(DataSource));
      const client = await pool.connect();
      expect(() => client.emit('error', new Error('lost'))).not.toThrow();
      client.release(true);
      expect((await api.nobody.get('/health/ready')).status).toBe(200);
    });
  });

  describe('a read-only database', () => {
    it('answers 503 with Retry-After to writes, serves reads, and readiness says so', async () => {
      const database = new URL(proxy.url).pathname.slice(1);
      await direct.query(`alter database ${database} set default_transaction_read_only = on`);
      try {
        await endSessions();
        await until('readiness to say it', async () => {
          const { status, body } = await api.nobody.get<{ status: string }>('/health/ready');
          return status === 200 && body.status === 'degraded';
        });
        expect((await api.nobody.get('/health/ready')).body).toEqual({
          status: 'degraded',
          degraded: ['database_read_only'],
        });
        for (const answer of [
          await write(),
          await api.ben.put(`/comments/${api.root.id}/reactions/like`),
          await api.nobody.post('/sign-in-links', { email: 'a@example.test' }),
          await api.mod.post(`/moderation/comments/${api.root.id}/decisions`, { action: 'remove', reason: 'other' }),
        ]) {
          expectProblem(answer, 503, 'service.unavailable');
          expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
        }
        for (const { status } of await Promise.all(reads())) expect(status).toBe(200);
      } finally {
        await direct.query(`alter database ${database} reset default_transaction_read_only`);
      }
      // The refused connections are not used again, so no session has to be ended for writes to work.
      await writesAgain();
      await until('readiness', async () => {
        const { body } = await api.nobody.get<{ status: string }>('/health/ready');
        return body.status === 'ok';
      });
    });
  });

  describe('a lock that is held', () => {
    it('ends the wait of a write with 503 before the statement would time out', async () => {
      const holder = await direct.connect();
      try {
        await holder.query('begin');
        await holder.query('select 1 from articles where key = $1 for update', [api.key]);
        expectProblem(await write(), 503, 'service.unavailable');
        expect((await api.nobody.get(`/articles/${api.key}/comments`)).status).toBe(200);
      } finally {
        await holder.query('rollback');
        holder.release();
      }
      await writesAgain();
    });
  });
});
