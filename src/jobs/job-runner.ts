import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import {
  type JobHelpers,
  Logger as WorkerLogger,
  parseCronItems,
  run,
  type Runner,
  type TaskList,
  type WorkerEvents,
} from 'graphile-worker';
import pg from 'pg';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { row } from '../database/rows.js';
import { describeError, keepable } from '../errors/outside-error.js';
import { Transactions } from '../database/transaction.js';
import type { JobRun } from './job.js';
import { JobRegistry } from './job-registry.js';
import { holdWorkerLock, reap } from './reaper.js';

const CONCURRENCY = 4;
/** The time that running jobs get at a shutdown, out of the ten seconds in which a process ends. */
const JOBS_MAY_TAKE_MS = 5_000;

/** Selects the job if this worker holds it. It reads the table below the library's view, which cannot be locked. */
const MINE = 'select 1 from graphile_worker._private_jobs where id = $1 and locked_by = $2';

/** Runs the jobs of the queue in the roles `worker` and `all`. */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Jobs');
  private stopping = false;
  private current: { runner: Runner; release: () => Promise<void>; lockClient: pg.Client } | undefined;
  private restarting: Promise<void> | undefined;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly registry: JobRegistry,
    private readonly transactions: Transactions,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.role !== 'web') await this.begin();
  }

  /** Stops the jobs before the pool is closed, because running jobs still write to it. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    // A longer job is run again elsewhere, because the shutdown of the whole process waits for this step.
    await Promise.race([this.finish(), wait(JOBS_MAY_TAKE_MS, undefined, { ref: false })]);
  }

  private async finish(): Promise<void> {
    await this.restarting;
    await this.end();
  }

  private async begin(): Promise<void> {
    const connectionString = this.config.directUrl;
    const lockClient = new pg.Client({ connectionString, application_name: 'rostra worker life', keepAlive: true });
    const pool = new pg.Pool({ connectionString, max: CONCURRENCY + 2, application_name: 'rostra worker' });
    pool.on('error', (error) => this.log.warn(`An idle connection was lost: ${error.message}`));
    pool.on('connect', (client) => client.on('error', () => {})); // the query that fails reports the error
    await lockClient.connect();
    // Without this connection other workers take our jobs over, so this worker stops and starts again.
    let lost = false;
    lockClient.on('error', () => {
      lost = true;
      if (this.current?.lockClient === lockClient)
        this.restarting ??= this.restart().finally(() => (this.restarting = undefined));
    });

    const events = new EventEmitter() as WorkerEvents;
    events.on('pool:create', ({ workerPool }) => {
      holdWorkerLock(lockClient, workerPool.id).catch((error: Error) => this.log.error(error.message));
    });
    const stopReaping = this.clock.every(
      2_000,
      () => reap(pool),
      (error) => this.log.warn(`Jobs of dead workers could not be freed: ${(error as Error).message}`),
    );
    const release = async (): Promise<void> => {
      await stopReaping();
      await lockClient.end().catch(() => {});
      await pool.end().catch(() => {});
    };
    const runner = await run({
      pgPool: pool,
      events,
      taskList: this.tasks(),
      parsedCronItems: parseCronItems(this.crons()),
      concurrency: CONCURRENCY,
      pollInterval: 2_000,
      noHandleSignals: true,
      logger: new WorkerLogger(() => (level, message) => {
        if (level === 'error' || level === 'warning') this.log.warn(message);
      }),
    }).catch(async (error: unknown) => {
      await release();
      throw error;
    });
    this.current = { runner, release, lockClient };
    if (!lost) return;
    await this.end();
    throw new Error('The connection that proves this worker alive was lost while the worker started.');
  }

  private async end(): Promise<void> {
    const ending = this.current;
    this.current = undefined;
    if (!ending) return;
    // stop() resolves before the last job's completion is written; promise resolves after it.
    await ending.runner.stop().catch(() => {});
    await ending.runner.promise.catch(() => {});
    await ending.release();
  }

  private async restart(): Promise<void> {
    this.log.warn('The connection that proves this worker alive was lost. The worker starts again.');
    await this.end();
    for (let pause = 200; !this.stopping && !this.current; pause = Math.min(pause * 2, 5_000)) {
      await wait(pause);
      await this.begin().catch((error: Error) => this.log.warn(`The worker could not start again: ${error.message}`));
    }
  }

  private tasks(): TaskList {
    return Object.fromEntries(
      this.registry.entries.map(({ job, handler }) => [
        job.name,
        async (payload: unknown, helpers: JobHelpers) => {
          const given = job.cron ? {} : payload; // a cron job's payload holds only data of the library
          try {
            await handler(job.payload.parse(given), this.runOf(helpers.job));
          } catch (error) {
            // The attempt ends here without an error, because a newer job of the same key does the work.
            if (!(await this.isReplaced(helpers))) throw keepable(error);
            this.log.warn(
              `${job.name} ${helpers.job.id} failed, and a newer job of its key does the work: ${describeError(error)}`,
            );
          }
        },
      ]),
    );
  }

  /** Whether a newer job took the key of this one while it ran. The library then cancels its further attempts. */
  private async isReplaced({ job, withPgClient }: JobHelpers): Promise<boolean> {
    if (job.key === null) return false;
    const { rowCount } = await withPgClient((client) =>
      client.query(`${MINE} and key is null`, [job.id, job.locked_by]),
    );
    return rowCount === 1;
  }

  private runOf({ id, attempts, locked_by, key }: JobHelpers['job']): JobRun {
    return {
      attempt: attempts,
      effect: (work) =>
        this.transactions.run(async (tx) => {
          const result = await work(tx);
          // The lock keeps others from taking the job over before this commits. A job that was replaced runs to its
          // end.
          const mine = await row(tx, `${MINE} and (attempts = $3 or $4 and key is null) for share`, [
            id,
            locked_by,
            attempts,
            key !== null,
          ]);
          if (!mine) throw new Error(`Job ${id} was taken over by another worker; this run's effect is refused.`);
          return result;
        }),
    };
  }

  private crons(): Parameters<typeof parseCronItems>[0] {
    return this.registry.entries.flatMap(({ job }) =>
      job.cron ? [{ task: job.name, match: job.cron, options: { maxAttempts: job.maxAttempts ?? 5 } }] : [],
    );
  }
}
