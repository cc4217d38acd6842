import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { freePorts, runToEnd } from '../support/processes.js';

describe('faults: the health check of the image', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await cloneDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 1 });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const check = async (env: Record<string, string>): Promise<number | null> => {
    const args = ['--import', './tools/typescript.mjs', 'src/healthcheck.ts'];
    return (await runToEnd(process.execPath, args, { cwd: process.cwd(), env: { DATABASE_URL: database.url, ...env } }))
      .code;
  };
  const beat = (host: string, age: string) =>
    pool.query(
      `insert into job_workers values ('pool-' || $1, $1, clock_timestamp() - $2::interval)
       on conflict (pool_id) do update set seen_at = excluded.seen_at`,
      [host, age],
    );

  it('tells of the worker of its own host, and not of a healthy one beside it', async () => {
    await beat('another-host', '0 seconds');
    expect(await check({ ROLE: 'worker' })).toBe(1);
    await beat(hostname(), '0 seconds');
    expect(await check({ ROLE: 'worker' })).toBe(0);
    await beat(hostname(), '20 seconds'); // frozen
    expect(await check({ ROLE: 'worker' })).toBe(1);
  }, 60_000);

  it('fails when nothing listens or the database is away', async () => {
    const [port = 0] = await freePorts(1);
    expect(await check({ ROLE: 'web', PORT: String(port) })).toBe(1);
    expect(await check({ ROLE: 'worker', DATABASE_URL: `postgres://a@127.0.0.1:${port}/a` })).toBe(1);
  }, 60_000);
});
