import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { Transactions } from '../../src/database/transaction.js';
import { enqueue, type Job } from '../../src/jobs/job.js';
import { anyWorkerAlive, reap } from '../../src/jobs/reaper.js';
import { leaseTimes } from '../../src/jobs/worker-lease.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { launch, type Running } from '../support/processes.js';
import { until } from '../support/until.js';
import { failing, lateFailing, linger, quick, TRIAL_TABLES } from './trial-jobs.js';

describe('jobs', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let pool: pg.Pool;
  const workers: Running[] = [];
  /** An idle worker of an earlier test, because starting one takes a second of CPU. */
  let idle: Running | undefined;

  beforeAll(async () => {
    database = await cloneDatabase();
    dataSource = await new DataSource(dataSourceOptions(database.url, { entities: [], migrations: [] })).initialize();
    pool = new pg.Pool({ connectionString: database.url, max: 2 });
    pool.on('error', () => undefined);
    await pool.query(TRIAL_TABLES);
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) {
      worker.signal('SIGKILL');
      await worker.exited;
    }
    await sql('truncate graphile_worker._private_jobs, trial_trace, trial_effects, trial_go');
  });
  afterAll(async () => {
    idle?.signal('SIGKILL');
    await idle?.exited;
    await pool.end();
    await dataSource.destroy();
    await database.drop();
  });

  const sql = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await pool.query<Row>(text, values)).rows;
  const put = (job: Job<{ name: string }>, name: string, key?: string): Promise<void> =>
    new Transactions(dataSource).run((tx) => enqueue(tx, job, { name }, { key }));
  const release = (name: string) => sql('insert into trial_go values ($1)', [name]);
  const effects = async (name: string): Promise<number[]> =>
    (await sql<{ pid: number }>('select pid from trial_effects where name = $1', [name])).map((it) => it.pid);
  const trace = async (name: string, pid: number): Promise<string[]> =>
    (
      await sql<{ what: string }>('select what from trial_trace where name = $1 and pid = $2 order by id', [name, pid])
    ).map((it) => it.what);
  interface Waiting {
    task: string;
    attempts: number;
    lockedBy: string | null;
    lastError: string | null;
  }
  const queue = () =>
    sql<Waiting & pg.QueryResultRow>(
      `select task_identifier as task, attempts, locked_by as "lockedBy", last_error as "lastError"
       from graphile_worker.jobs order by id`,
    );
  /** Makes the leases of held jobs, and the time for which they are held, older than the reaper waits. */
  const outlastGrace = () =>
    sql(`with held as (
           update graphile_worker._private_jobs set locked_at = locked_at - interval '6 seconds' returning locked_by)
         update job_workers set seen_at = seen_at - interval '1 minute' from held where pool_id = locked_by`);
  const began = (name: string, { pid }: Running) =>
    until(`${name} to begin in ${pid}`, async () => (await trace(name, pid)).includes('began'));
  const done = (name: string) => until(`${name} to be done`, async () => (await effects(name)).length);

  /** Returns a worker process, the idle one if there is one. It is killed after the test unless `keep` is called. */
  async function startWorker(): Promise<Running> {
    if (idle) {
      workers.push(idle);
      idle = undefined;
      return workers.at(-1)!;
    }
    const worker = launch(process.execPath, ['--import', './tools/typescript.mjs', 'test/system/worker.ts'], {
      cwd: process.cwd(),
      env: { DATABASE_URL: database.url },
    });
    workers.push(worker);
    await worker.until(/working/);
    return worker;
  }

  /** Keeps an idle worker for the next test. */
  function keep(worker: Running): void {
    workers.splice(workers.indexOf(worker), 1);
    idle = worker;
  }

  it('leaves no job behind when the transaction that enqueued it is rolled back', async () => {
    const transactions = new Transactions(dataSource);
    await expect(
      transactions.run(async (tx) => {
        await enqueue(tx, quick, { name: 'never' });
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await queue()).toEqual([]);
    await expect(transactions.run((tx) => enqueue(tx, quick, { nome: 'x' } as never))).rejects.toThrow('name');
    expect(await queue()).toEqual([]);
  });

  it('runs a job again with one effect when its worker is killed in the middle', async () => {
    const first = await startWorker();
    await put(linger, 'killed');
    await began('killed', first);
    const second = await startWorker();
    first.signal('SIGKILL');
    await first.exited;
    await outlastGrace();
    await began('killed', second);
    await release('killed');
    await done('killed');
    await until('an empty queue', async () => (await queue()).length === 0);
    expect(await effects('killed')).toEqual([second.pid]);
    keep(second);
  });

  it('refuses the late effect of a worker that was stopped and replaced, which begins anew when it wakes', async () => {
    const sleeper = await startWorker();
    await put(linger, 'stopped');
    await began('stopped', sleeper);
    sleeper.signal('SIGSTOP');
    // A power cut or a broken network ends its connection in the same way.
    await sql(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'rostra worker life' and datname = current_database()`,
    );
    await outlastGrace();
    const second = await startWorker();
    await began('stopped', second);
    await release('stopped');
    await done('stopped');
    expect(await effects('stopped')).toEqual([second.pid]);
    second.signal('SIGTERM');
    await second.exited;

    sleeper.signal('SIGCONT');
    await until('the refused effect', async () => (await trace('stopped', sleeper.pid)).length === 2);
    expect((await trace('stopped', sleeper.pid))[1]).toMatch(/taken over by another worker/);
    expect(await effects('stopped')).toEqual([second.pid]);
    await put(quick, 'after waking');
    await done('after waking');
    expect(await effects('after waking')).toEqual([sleeper.pid]);
  });

  it('refuses the effect of a run whose job was retaken while it still ran', async () => {
    const slow = await startWorker();
    await put(linger, 'retaken');
    await began('retaken', slow);
    // In the worst case the reaper errs, and two workers believe that they hold the job.
    await sql(`update graphile_worker._private_jobs set locked_by = 'pool-of-another', attempts = attempts + 1`);
    await release('retaken');
    await until('the refused effect', async () => (await trace('retaken', slow.pid)).length === 2);
    expect((await trace('retaken', slow.pid))[1]).toMatch(/taken over by another worker/);
    expect(await effects('retaken')).toEqual([]);
    expect((await queue())[0]).toMatchObject({ lockedBy: 'pool-of-another' }); // its failure did not free the job
    keep(slow);
  });

  it('does not take a long job away from a worker that is alive', async () => {
    const slow = await startWorker();
    await put(linger, 'long');
    await began('long', slow);
    await sql(`update graphile_worker._private_jobs set locked_at = now() - interval '3 hours'`);
    await reap(pool, leaseTimes.dead);
    expect(await queue()).toMatchObject([{ task: linger.name, attempts: 1, lockedBy: expect.any(String) }]);
    const other = await startWorker();
    await put(quick, 'meanwhile');
    await done('meanwhile');
    await reap(pool, leaseTimes.dead);
    expect(await trace('long', other.pid)).toEqual([]);
    await release('long');
    await until('an empty queue', async () => (await queue()).length === 0);
    expect(await effects('long')).toEqual([slow.pid]);

    // The same call frees the job of a worker that is gone.
    await put(linger, 'orphan');
    await sql(
      `update graphile_worker._private_jobs set locked_by = 'pool-dead', locked_at = now() - interval '6 seconds', attempts = 1`,
    ).then(() => reap(pool, leaseTimes.dead));
    expect((await queue()).filter((it) => it.lockedBy === 'pool-dead')).toEqual([]);
    keep(slow);
  });

  it('ends a job that a newer one of its key replaced as it would have ended, and leaves no dead job', async () => {
    const worker = await startWorker();
    await put(linger, 'older', 'one key');
    await began('older', worker);
    await put(quick, 'newer', 'one key');
    await done('newer');
    await release('older');
    await done('older');
    await put(lateFailing, 'failing', 'one key');
    await began('failing', worker);
    await put(quick, 'newest', 'one key');
    await release('failing');
    await done('newest');
    await until('an empty queue', async () => (await queue()).length === 0);
    expect(await effects('failing')).toEqual([]);
    keep(worker);
  });

  it('gives up a job that always fails after its attempts, and runs the others', async () => {
    const worker = await startWorker();
    await put(failing, 'hopeless');
    await put(quick, 'neighbour');
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await until(`attempt ${attempt}`, async () => {
        const [job] = await queue();
        return job?.attempts === attempt && job.lockedBy === null && job.lastError !== null;
      });
      const [later] = await sql<{ paused: boolean }>(
        'select run_at > now() as paused from graphile_worker.jobs where task_identifier = $1',
        [failing.name],
      );
      expect(later!.paused).toBe(true); // the pauses grow, so the test does not wait for them
      await sql('update graphile_worker._private_jobs set run_at = now()');
      await put(quick, `neighbour ${attempt}`);
      await done(`neighbour ${attempt}`);
    }
    await done('neighbour');
    await until('all else to be done', async () => (await queue()).length === 1);
    expect(await queue()).toEqual([
      { task: failing.name, attempts: 3, lockedBy: null, lastError: expect.stringContaining('hopeless never works') },
    ]);
    expect(await effects('hopeless')).toEqual([]);
    keep(worker);
  });

  it('finishes its jobs before a worker ends, and leaves no job locked', async () => {
    await sql('delete from job_workers'); // those of workers that earlier tests killed
    const worker = await startWorker();
    await put(linger, 'last');
    await began('last', worker);
    worker.signal('SIGTERM');
    await worker.until(/stopping/);
    await put(quick, 'too late');
    expect(worker.output()).not.toContain('stopped');
    await release('last');
    expect(await worker.exited).toEqual({ code: 0, signal: null });
    expect(await trace('last', worker.pid)).toEqual(['began', 'done']);
    expect((await queue()).filter((it) => it.task === linger.name)).toEqual([]);
    for (const { lockedBy } of await queue()) expect(lockedBy).toBeNull();
    // Its rows are gone with it. The output says why when they are not.
    expect([worker.output(), await sql('select * from job_workers')]).toEqual([expect.any(String), []]);
    expect(await anyWorkerAlive(pool)).toBe(false);
  });

  it('goes on after the connection that proves the worker alive was lost', async () => {
    const worker = await startWorker();
    const lives = () =>
      sql<{ pid: number }>(
        `select pid from pg_stat_activity where application_name = 'rostra worker life' and datname = current_database()`,
      );
    const [before] = await lives();
    await sql('select pg_terminate_backend($1)', [before!.pid]);
    await until('another connection', async () => (await lives()).some((it) => it.pid !== before!.pid));
    await put(quick, 'second life');
    await done('second life');
    expect(await effects('second life')).toEqual([worker.pid]);
    expect(await lives()).toHaveLength(1);
  });
});
