import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { runCli } from '../../src/cli.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';

describe('rostra jobs', () => {
  const { DATABASE_URL } = process.env;
  let database: TestDatabase;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await cloneDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 2 });
    process.env.DATABASE_URL = database.url;
    await pool.query(
      `select graphile_worker.add_job(it, max_attempts := 2) from unnest(array['mail', 'mail', 'push', 'alive']) it`,
    );
    await pool.query(
      `update graphile_worker._private_jobs j set attempts = 2, created_at = now() - interval '3 hours',
         updated_at = now() - interval '5 minutes', last_error = E'no answer for ann@example.test\\n  at somewhere'
       where task_id <> (select id from graphile_worker._private_tasks where identifier = 'alive')`,
    );
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(async () => {
    if (DATABASE_URL === undefined) delete process.env.DATABASE_URL;
    else process.env.DATABASE_URL = DATABASE_URL;
    await pool.end();
    await database.drop();
  });

  /** Returns the exit code and what the command printed. */
  async function jobs(...args: string[]): Promise<[code: number, output: string]> {
    const lines: string[] = [];
    for (const stream of ['log', 'error'] as const)
      jest.spyOn(console, stream).mockImplementation((it: unknown) => void lines.push(String(it)));
    return [await runCli(['jobs', ...args]), lines.join('\n')];
  }
  const dead = async () =>
    (
      await pool.query<{ name: string }>(
        'select task_identifier as name from graphile_worker.jobs where attempts >= max_attempts order by id',
      )
    ).rows.map((it) => it.name);

  it('lists dead jobs with kind, age, attempts and the first line of their error, and no others', async () => {
    const [code, output] = await jobs();
    expect(code).toBe(0);
    expect(output.split('\n').slice(0, 3)).toEqual([
      expect.stringMatching(/^\d+ {2}mail, 3 h old, 2 attempts, the last 5 min ago: no answer for <address>$/),
      expect.stringMatching(/^\d+ {2}mail, /),
      expect.stringMatching(/^\d+ {2}push, /),
    ]);
    expect(output).not.toMatch(/alive|somewhere/);
  });

  it('runs one again by its id, all of a kind by its name, and all, and records each in the audit log', async () => {
    const { rows } = await pool.query<{ id: string; name: string }>(
      'select id::text as id, task_identifier as name from graphile_worker.jobs where attempts >= max_attempts order by id',
    );
    expect(await jobs('retry', rows[0]!.id)).toEqual([0, 'A worker runs the job again.']);
    expect(await dead()).toEqual(['mail', 'push']);
    expect(await jobs('retry', 'mail')).toEqual([0, 'A worker runs the job again.']);
    expect(await dead()).toEqual(['push']);
    const typo = '9'.repeat(25); // Postgres has no number so large.
    expect(await jobs('retry', typo)).toEqual([1, `No dead job has the id or the name ${typo}.`]);
    expect(await jobs('retry', 'all')).toEqual([0, 'A worker runs the job again.']);
    expect(await jobs()).toEqual([0, 'No job is dead.']);
    expect(await jobs('retry', 'all')).toEqual([0, 'No job is dead.']);
    const audit = await pool.query(
      `select actor_id, action, subject_id as id, detail ->> 'name' as name from audit_log order by id`,
    );
    expect(audit.rows).toEqual(rows.map((it) => ({ actor_id: null, action: 'job.retry', ...it })));
  }, 60_000);

  it('says how it is used when it is called wrongly', async () => {
    for (const args of [['retry'], ['remove', '1']]) {
      const [code, output] = await jobs(...args);
      expect([code, /jobs retry needs the id/.test(output)]).toEqual([1, true]);
    }
  });
});
