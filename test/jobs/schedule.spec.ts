import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { z } from 'zod';
import { JobCrons } from '../../src/jobs/job-crons.js';
import type { Job } from '../../src/jobs/job.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';

const job = (name: string, cron?: string): Job<unknown> => ({ name, payload: z.unknown(), ...(cron ? { cron } : {}) });

describe('the schedule of jobs', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  /** The time of the database's clock. */
  let now: Date;

  beforeAll(async () => {
    database = await cloneDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 2 });
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await pool.end();
    await database.drop();
  });
  beforeEach(async () => {
    await pool.query('truncate graphile_worker._private_jobs, graphile_worker._private_known_crontabs');
  });

  const worker = () =>
    new JobCrons([job('hourly', '7 * * * *'), job('nightly', '41 3 * * *'), job('by hand')], () => now);
  const at = (time: string) => (now = new Date(`2026-03-02T${time}Z`));
  const enqueued = async () =>
    (
      await pool.query<{ it: string }>(
        `select task_identifier || ' ' || to_char(run_at at time zone 'UTC', 'HH24:MI') as it
         from graphile_worker.jobs order by run_at, 1`,
      )
    ).rows.map((it) => it.it);

  it('enqueues a job once for its minute when several workers come to it', async () => {
    at('03:06:58');
    const workers = [worker(), worker(), worker()];
    for (const it of workers) await it.enqueueDue(pool);
    expect(await enqueued()).toEqual([]);
    for (const time of ['03:07:00', '03:07:05', '03:08:10', '03:41:59']) {
      at(time);
      await Promise.all(workers.map((it) => it.enqueueDue(pool)));
    }
    expect(await enqueued()).toEqual(['hourly 03:07', 'nightly 03:41']);
  });

  it('follows the clock of the database when that of the machine is a day ahead', async () => {
    const real = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => real() + 86_400_000);
    at('03:40:00');
    const crons = worker();
    at('03:41:30');
    await crons.enqueueDue(pool);
    expect(await enqueued()).toEqual(['nightly 03:41']);
  });

  it('enqueues a job that can run at once when its clock is ahead of the database', async () => {
    now = new Date(new Date().setUTCHours(51, 6, 59, 0));
    const crons = worker();
    now = new Date(now.getTime() + 1_000);
    await crons.enqueueDue(pool);
    const { rows } = await pool.query(
      'select task_identifier as name, run_at <= clock_timestamp() as due from graphile_worker.jobs',
    );
    expect(rows).toEqual([{ name: 'hourly', due: true }]);
  });

  it('makes up for minutes in which the process was held up, and for none after a jump of the clock', async () => {
    at('03:06:00');
    const crons = worker();
    at('03:11:00');
    await crons.enqueueDue(pool);
    expect(await enqueued()).toEqual(['hourly 03:07']);
    at('08:30:00');
    await crons.enqueueDue(pool);
    at('05:06:30');
    await crons.enqueueDue(pool);
    at('05:07:30');
    await crons.enqueueDue(pool);
    expect(await enqueued()).toEqual(['hourly 03:07', 'hourly 05:07']);
  });

  it('is not stopped by the time that a worker with a wrong clock wrote', async () => {
    at('03:40:00');
    const crons = worker();
    await crons.begin(pool);
    await pool.query(
      `update graphile_worker._private_known_crontabs set last_execution = clock_timestamp() + interval '1 day'`,
    );
    at('03:41:00');
    await crons.enqueueDue(pool);
    expect(await enqueued()).toEqual(['nightly 03:41']);
  });

  it('enqueues once what fell due while no worker ran, and nothing at the very first start', async () => {
    at('03:40:00');
    await worker().begin(pool);
    expect(await enqueued()).toEqual([]);
    at('09:30:00');
    const workers = [worker(), worker()];
    await Promise.all(workers.map((it) => it.begin(pool)));
    expect(await enqueued()).toEqual(['nightly 03:41', 'hourly 09:07']);
    await worker().begin(pool);
    at('10:06:59');
    await Promise.all(workers.map((it) => it.enqueueDue(pool)));
    expect(await enqueued()).toEqual(['nightly 03:41', 'hourly 09:07']);
    at('10:07:00');
    await worker().begin(pool);
    expect(await enqueued()).toEqual(['nightly 03:41', 'hourly 09:07', 'hourly 10:07']);
  });
});
