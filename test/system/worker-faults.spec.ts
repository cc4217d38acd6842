import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { Transactions } from '../../src/database/transaction.js';
import { enqueue, type Job, LANES } from '../../src/jobs/job.js';
import { deadJobs } from '../../src/jobs/dead-jobs.js';
import { anyWorkerAlive, freeOwn, reap } from '../../src/jobs/reaper.js';
import { type LeaseTimes, WorkerLease } from '../../src/jobs/worker-lease.js';
import { PostgresProxy } from '../http/postgres-proxy.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { launch, type Running } from '../support/processes.js';
import { until } from '../support/until.js';
import { linger, lingerMail, quick, TRIAL_TABLES } from './trial-jobs.js';

const TIMES: LeaseTimes = { renew: 100, held: 2_000, dead: 4_000 };

describe('faults: workers', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let pool: pg.Pool;
  let proxy: PostgresProxy;

  beforeAll(async () => {
    database = await cloneDatabase();
    dataSource = await new DataSource(dataSourceOptions(database.url, { entities: [], migrations: [] })).initialize();
    pool = new pg.Pool({ connectionString: database.url, max: 2 });
    pool.on('error', () => undefined);
    await pool.query(TRIAL_TABLES);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await pool.end();
    await database.drop();
  });
  beforeEach(async () => {
    proxy = await PostgresProxy.before(database.url);
  });
  afterEach(() => proxy.cut());

  const sql = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await pool.query<Row>(text, values)).rows;
  /** The milliseconds since the lease of a pool was renewed, by the database's clock. */
  const age = async (poolId: string): Promise<number | undefined> =>
    (
      await sql<{ ms: number }>(
        `select extract(epoch from clock_timestamp() - seen_at)::float * 1000 as ms from job_workers where pool_id = $1`,
        [poolId],
      )
    )[0]?.ms;

  describe('a lease', () => {
    let lease: WorkerLease;
    let lost: number;
    beforeEach(async () => {
      lost = 0;
      lease = new WorkerLease(proxy.url, 'this-host', TIMES, () => (lost += 1));
      await lease.begin();
      await lease.add('pool-here');
    });
    afterEach(() => lease.end());

    it('is kept when its connection is half-open, and no job is taken over', async () => {
      const renewed = async () => (await age('pool-here'))! < TIMES.renew * 3;
      await until('a renewal', renewed);
      proxy.forgetConnections(true);
      await until('the connection to be missed', async () => !(await renewed()));
      await until('a renewal on another connection', renewed);
      expect([lease.isHeld, lost]).toEqual([true, 0]);
    });

    it('ends by the own clock of the worker before others believe it dead', async () => {
      await proxy.fallSilent();
      await until('the loss', () => lost);
      expect(lease.isHeld).toBe(false);
      expect(await age('pool-here')).toBeLessThan(TIMES.dead);
      await proxy.mend();
      await until('others to believe it dead', async () => (await age('pool-here'))! > TIMES.dead);
      expect([lease.isHeld, lost]).toEqual([false, 1]); // a lost lease is never renewed
    });

    it('is lost at once when the process was stopped for too long', async () => {
      const short = new WorkerLease(database.url, 'this-host', { renew: 50, held: 300, dead: 600 }, () => (lost += 1));
      await short.begin();
      const end = performance.now() + 350;
      while (performance.now() < end);
      expect([short.isHeld, lost]).toEqual([false, 1]);
      await short.end();
    });

    it.each(['answers', 'was lost'])('leaves no row when it ends and its connection %s', async (state) => {
      await until('the row', async () => (await age('pool-here')) !== undefined);
      if (state === 'was lost')
        await sql(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'rostra worker life'
          and datname = current_database()`);
      await lease.end();
      expect(await age('pool-here')).toBeUndefined();
    });

    it('leaves the rows of a lost lease only while a job is held, so that nobody takes it over too early', async () => {
      await lease.add('pool-busy');
      await new Transactions(dataSource).run((tx) => enqueue(tx, quick, { name: 'held' }));
      await sql(`update graphile_worker._private_jobs set locked_by = 'pool-busy', locked_at = now()`);
      const late = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + TIMES.held);
      expect([lease.isHeld, lost]).toEqual([false, 1]);
      late.mockRestore();
      await lease.end();
      expect([await age('pool-here'), await age('pool-busy')]).toEqual([undefined, expect.any(Number)]);
      await sql('truncate graphile_worker._private_jobs, job_workers');
    });

    it('tells whether a worker of this host is alive, and not another one', async () => {
      await until('the row', async () => (await age('pool-here')) !== undefined);
      expect(await anyWorkerAlive(pool, 'this-host')).toBe(true);
      expect(await anyWorkerAlive(pool, 'another-host')).toBe(false);
      await lease.end();
      expect(await anyWorkerAlive(pool)).toBe(false);
    });
  });

  describe('a process', () => {
    const workers: Running[] = [];

    afterEach(async () => {
      for (const worker of workers.splice(0)) {
        worker.signal('SIGKILL');
        await worker.exited;
      }
      await sql('truncate graphile_worker._private_jobs, trial_trace, trial_effects, trial_go, job_workers');
    });

    const put = (job: Job<{ name: string }>, name: string): Promise<void> =>
      new Transactions(dataSource).run((tx) => enqueue(tx, job, { name }));
    const doneBy = async (name: string): Promise<number[]> =>
      (await sql<{ pid: number }>('select pid from trial_effects where name = $1', [name])).map((it) => it.pid);
    const begunBy = (name: string) =>
      until(`${name} to begin`, async () =>
        (await sql<{ pid: number }>('select pid from trial_trace where name = $1', [name])).map((it) => it.pid),
      );

    async function startWorker(url: string): Promise<Running> {
      const worker = launch(process.execPath, ['--import', './tools/typescript.mjs', 'test/system/worker.ts'], {
        cwd: process.cwd(),
        env: { DATABASE_URL: url, DATABASE_TIMEOUT_SECONDS: '1', LEASE_TIMES: JSON.stringify(TIMES) },
      });
      workers.push(worker);
      await worker.until(/working/);
      return worker;
    }

    it('keeps places for its own work when others wait, returns after silence, and is replaced when it freezes', async () => {
      const worker = await startWorker(proxy.url);
      const waiting = Array.from({ length: LANES.mail * 2 }, (_, n) => `mail ${n}`);
      for (const name of waiting) await put(lingerMail, name);
      await begunBy('mail 0');
      await put(quick, 'beside slow mails');
      await until('the own work', async () => (await doneBy('beside slow mails')).length);
      expect(await doneBy('mail 0')).toEqual([]);
      for (const name of waiting) await sql('insert into trial_go values ($1)', [name]);
      await until(
        'the mails',
        async () => (await sql(`select from trial_effects where name like 'mail%'`)).length === 8,
      );

      await proxy.fallSilent();
      await worker.until(/The worker starts again/);
      await put(quick, 'after silence');
      await proxy.mend();
      await until('the work after silence', async () => (await doneBy('after silence')).length);
      expect(await doneBy('after silence')).toEqual([worker.pid]);

      // Its connections stay open while it is frozen, so only its lease tells.
      await put(linger, 'frozen');
      await begunBy('frozen');
      worker.signal('SIGSTOP');
      await sql(`update graphile_worker._private_jobs set locked_at = locked_at - interval '6 seconds'`);
      const healthy = await startWorker(database.url);
      await sql('insert into trial_go values ($1)', ['frozen']);
      await until('the healthy one', async () => (await doneBy('frozen')).length);
      expect(await doneBy('frozen')).toEqual([healthy.pid]);
    });
  });

  it('frees a job that it holds and does not run, whose completion was lost with a connection', async () => {
    await sql(
      `select graphile_worker.add_job('trial', queue_name := 'one', job_key := k) from unnest(array['a', 'b']) k`,
    );
    await sql(
      `update graphile_worker._private_jobs set locked_by = 'pool-own', locked_at = now() - interval '1 minute'`,
    );
    await sql(`update graphile_worker._private_job_queues set locked_by = 'pool-own', locked_at = now()`);
    const [running] = await sql<{ id: string }>(`select id from graphile_worker._private_jobs where key = 'a'`);
    await freeOwn(pool, ['pool-own'], [running!.id]);
    expect(await sql('select key, locked_by as by from graphile_worker._private_jobs order by key')).toEqual([
      { key: 'a', by: 'pool-own' },
      { key: 'b', by: null },
    ]);
    await sql('truncate graphile_worker._private_jobs');
  });

  it('leaves no dead row of a job that was replaced while its worker died', async () => {
    const add = () => sql(`select graphile_worker.add_job('trial', job_key := 'one', max_attempts := 5)`);
    await add();
    await sql(`update graphile_worker._private_jobs
      set locked_by = 'pool-dead', locked_at = now() - interval '1 minute', attempts = 1`);
    await add();
    await sql(`select graphile_worker.add_job('poison', max_attempts := 1)`);
    await sql(`update graphile_worker._private_jobs
      set locked_by = 'pool-dead', locked_at = now() - interval '1 minute', attempts = 1, updated_at = now() - interval '1 hour'
      where max_attempts = 1`);
    await reap(pool, TIMES.dead);
    expect(await deadJobs(pool)).toMatchObject([{ name: 'poison' }]); // it never told an error, and is kept for the operator
    expect(await sql('select key, attempts from graphile_worker.jobs order by id')).toEqual([
      { key: 'one', attempts: 0 },
      { key: null, attempts: 1 },
    ]);
    await sql('truncate graphile_worker._private_jobs');
  });

  it('takes the jobs of a worker of the former version only when its lock is gone', async () => {
    await sql(`select graphile_worker.add_job('trial')`);
    await sql(
      `update graphile_worker._private_jobs set locked_by = 'pool-old', locked_at = now() - interval '1 minute'`,
    );
    const held = async () => (await sql(`select from graphile_worker.jobs where locked_by = 'pool-old'`)).length;
    const old = await pool.connect();
    await old.query(`select pg_advisory_lock(7001, hashtext('pool-old'))`);
    await reap(pool, TIMES.dead);
    expect(await held()).toBe(1);
    await old.query('select pg_advisory_unlock_all()');
    old.release();
    await reap(pool, TIMES.dead);
    expect(await held()).toBe(0);
    await sql('truncate graphile_worker._private_jobs');
  });
});
