import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { JobHelpers, TaskList } from 'graphile-worker';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { row } from '../database/rows.js';
import { describeError, keepable } from '../errors/outside-error.js';
import { Transactions } from '../database/transaction.js';
import { type JobRun, type Lane, LANES } from './job.js';
import { JobCrons } from './job-crons.js';
import { JobPools } from './job-pools.js';
import { JobRegistry } from './job-registry.js';
import { reap } from './reaper.js';
import { LEASE_TIMES, type LeaseTimes, WorkerLease } from './worker-lease.js';

/** The time that running jobs get at a shutdown, out of the ten seconds in which a process ends. */
const JOBS_MAY_TAKE_MS = 5_000;
/** The time that a database which does not answer gets to remove the rows of the lease. */
const LEASE_MAY_END_MS = 2_500;

/** Selects the job if this worker holds it. It reads the table below the library's view, which cannot be locked. */
const MINE = 'select 1 from graphile_worker._private_jobs where id = $1 and locked_by = $2';

/** The pools and their lease, from one start of the worker within this process to the next. */
interface WorkerRun {
  lease: WorkerLease;
  pools?: JobPools;
  stopSweeps?: () => Promise<unknown>;
}

/** Runs the jobs of the queue in the roles `worker` and `all`. */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Jobs');
  /** Outlives a restart of the pools, so that no minute is left out. */
  private crons: JobCrons | undefined;
  private stopping = false;
  private current: WorkerRun | undefined;
  private restarting: Promise<void> | undefined;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly registry: JobRegistry,
    private readonly transactions: Transactions,
    @Inject(LEASE_TIMES) private readonly times: LeaseTimes,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.role === 'web') return;
    this.crons = new JobCrons(
      this.registry.entries.map((it) => it.job),
      () => this.clock.now(),
    );
    await this.begin();
  }

  /** Stops the jobs before the pool is closed, because running jobs still write to it. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.restarting;
    const worker = this.current;
    this.current = undefined;
    if (!worker) return;
    // A longer job is run again elsewhere, because the shutdown of the whole process waits for this step.
    await Promise.race([worker.pools?.end(), wait(JOBS_MAY_TAKE_MS, undefined, { ref: false })]);
    void worker.stopSweeps?.();
    await Promise.race([worker.lease.end(), wait(LEASE_MAY_END_MS, undefined, { ref: false })]);
  }

  private async begin(): Promise<void> {
    const { directUrl: url, statementMs, preparedStatements } = this.config;
    const lease = new WorkerLease(url, hostname(), this.times, () =>
      this.restart(worker, 'it could not prove itself alive in time'),
    );
    const worker: WorkerRun = { lease };
    await lease.begin();
    this.current = worker;
    try {
      const pools = await JobPools.start({
        url,
        statementMs,
        pooled: !preparedStatements,
        tasks: this.tasks(lease),
        log: this.log,
        onPool: (id) => void lease.add(id),
        onEnd: (error) => this.restart(worker, `its queue failed: ${error?.message ?? 'it ended'}`),
      });
      worker.pools = pools;
      await this.crons!.begin(pools.connections);
      const every = (ms: number, work: () => Promise<void>, failure: string) =>
        this.clock.every(ms, work, (error) => this.log.warn(`${failure}: ${(error as Error).message}`));
      const stops = [
        every(2_000, () => reap(pools.connections, this.times.dead), 'Jobs of dead workers could not be freed'),
        every(10_000, () => pools.freeOwn(), 'Jobs that were lost could not be freed'),
        every(5_000, () => this.crons!.enqueueDue(pools.connections), 'Jobs of the schedule could not be enqueued'),
      ];
      worker.stopSweeps = () => Promise.all(stops.map((stop) => stop()));
    } catch (error) {
      if (this.current === worker) this.current = undefined;
      await lease.end();
      throw error;
    }
    // The lease may have been lost before there were pools to end.
    if (this.current !== worker) await this.giveUp(worker);
  }

  /** Gives the running pools up and starts new ones. The jobs that still run lost their right to write. */
  private restart(worker: WorkerRun, reason: string): void {
    if (this.current !== worker || this.stopping) return;
    this.current = undefined;
    this.log.warn(`The worker starts again, because ${reason}.`);
    this.restarting = (this.restarting ?? Promise.resolve())
      .then(() => this.giveUp(worker))
      .then(() => this.beginAgain());
  }

  private async giveUp({ lease, pools, stopSweeps }: WorkerRun): Promise<void> {
    void stopSweeps?.(); // a sweep may wait for a connection that hangs
    await pools?.giveUp();
    await Promise.race([lease.end(), wait(1_000)]);
  }

  private async beginAgain(): Promise<void> {
    for (let pause = 200; !this.stopping && !this.current; pause = Math.min(pause * 2, 2_000)) {
      await wait(pause); // the only thing that keeps a worker's process alive while the database is away
      if (this.stopping) return;
      await this.begin().then(
        () => this.log.log('The worker works again.'),
        (error: Error) => this.log.warn(`The worker could not start again: ${error.message}`),
      );
    }
  }

  private tasks(lease: WorkerLease): Record<Lane, TaskList> {
    const lanes = Object.fromEntries(Object.keys(LANES).map((it) => [it, {}])) as Record<Lane, TaskList>;
    for (const { job, handler } of this.registry.entries)
      lanes[job.lane ?? 'internal'][job.name] = async (payload: unknown, helpers: JobHelpers) => {
        const given = job.cron ? {} : payload; // a cron job's payload holds only data of the library
        try {
          await handler(job.payload.parse(given), this.runOf(helpers.job, lease));
        } catch (error) {
          // The attempt ends here without an error, because a newer job of the same key does the work.
          if (!(await this.isReplaced(helpers))) throw keepable(error);
          this.log.warn(
            `${job.name} ${helpers.job.id} failed, and a newer job of its key does the work: ${describeError(error)}`,
          );
        }
      };
    return lanes;
  }

  /** Whether a newer job took the key of this one while it ran. The library then cancels its further attempts. */
  private async isReplaced({ job, withPgClient }: JobHelpers): Promise<boolean> {
    if (job.key === null) return false;
    const { rowCount } = await withPgClient((client) =>
      client.query(`${MINE} and key is null`, [job.id, job.locked_by]),
    );
    return rowCount === 1;
  }

  private runOf({ id, attempts, locked_by, key }: JobHelpers['job'], lease: WorkerLease): JobRun {
    return {
      attempt: attempts,
      checkLease: () => {
        if (!lease.isHeld) throw new Error(`Job ${id} ends here, because another worker may have taken it over.`);
      },
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
}
