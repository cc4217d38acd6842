import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@nestjs/common';
import { Logger as WorkerLogger, run, type Runner, type TaskList, type WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import { connectionOptions } from '../database/connection.js';
import { type Lane, LANES } from './job.js';
import { freeOwn } from './reaper.js';

/** The time that running jobs get when the pools are given up. */
const GIVEN_UP_MS = 2_000;
const WRITTEN_MS = 2_000;

interface PoolsOptions {
  url: string;
  statementMs: number;
  /** Whether the session takes no parameters, as behind a pooler. */
  pooled: boolean;
  tasks: Record<Lane, TaskList>;
  log: Logger;
  /** Called for each pool before it takes a job. */
  onPool: (poolId: string) => void;
  /** Called when the library gave up by itself. */
  onEnd: (error: Error | undefined) => void;
}

/** The library's runners, one for each lane that has jobs, on one pool of connections. */
export class JobPools {
  readonly connections: pg.Pool;
  /** The ids of the jobs that run now. */
  readonly running = new Set<string>();
  private readonly ids: string[] = [];
  private readonly runners: Runner[] = [];
  private ended: Promise<void> | undefined;

  private constructor(private readonly options: PoolsOptions) {
    const { url, statementMs, pooled, log } = options;
    // Each lane listens on a connection of its own.
    const max = this.lanes.length + 4;
    this.connections = new pg.Pool({ ...connectionOptions(url, 'rostra worker', statementMs, pooled), max });
    this.connections.on('error', (error) => log.warn(`An idle connection was lost: ${error.message}`));
    this.connections.on('connect', () => {}); // the library warns without a listener; GuardedClient needs none
  }

  /** @throws the database's error when it is not available */
  static async start(options: PoolsOptions): Promise<JobPools> {
    const pools = new JobPools(options);
    try {
      for (const lane of pools.lanes) pools.runners.push(await pools.startLane(lane));
    } catch (error) {
      await pools.end();
      throw error;
    }
    for (const { promise } of pools.runners)
      promise.then(
        () => options.onEnd(undefined),
        (error: Error) => options.onEnd(error),
      );
    return pools;
  }

  /** Frees jobs that these pools hold and do not run. */
  async freeOwn(): Promise<void> {
    await freeOwn(this.connections, this.ids, [...this.running]);
  }

  /** Stops taking jobs and waits for the running ones. */
  end(): Promise<void> {
    return (this.ended ??= this.tryEnd());
  }

  /** Stops taking jobs, and lets the running ones end by themselves when they take long. */
  async giveUp(): Promise<void> {
    await Promise.race([this.end(), wait(GIVEN_UP_MS)]);
  }

  private async tryEnd(): Promise<void> {
    await Promise.all(
      this.runners.map(async (runner) => {
        // stop() resolves before the last job's completion is written; promise resolves after it.
        await runner.stop().catch(() => {});
        await runner.promise.catch(() => {});
      }),
    );
    await this.untilWritten();
    this.connections.end().catch(() => {}); // nobody waits for a connection that hangs
  }

  /** The library does not await the statements that mark jobs as done or failed, and a pool that ends drops them. */
  private async untilWritten(): Promise<void> {
    const { connections } = this;
    const deadline = performance.now() + WRITTEN_MS;
    do await wait(10);
    while (
      (connections.waitingCount || connections.totalCount > connections.idleCount) &&
      performance.now() < deadline
    );
  }

  private get lanes(): Lane[] {
    return (Object.keys(LANES) as Lane[]).filter((lane) => Object.keys(this.options.tasks[lane]).length);
  }

  private startLane(lane: Lane): Promise<Runner> {
    const { tasks, log, onPool } = this.options;
    const events = new EventEmitter() as WorkerEvents;
    events.on('pool:create', ({ workerPool }) => {
      this.ids.push(workerPool.id);
      onPool(workerPool.id);
    });
    events.on('job:start', ({ job }) => this.running.add(job.id));
    events.on('job:complete', ({ job }) => this.running.delete(job.id));
    return run({
      pgPool: this.connections,
      events,
      taskList: tasks[lane],
      concurrency: LANES[lane],
      pollInterval: 2_000,
      noHandleSignals: true,
      logger: new WorkerLogger(() => (level, message) => {
        // One line for each failure: the stack of a server that does not answer helps nobody.
        if (level === 'error' || level === 'warning') log.warn(message.split('\n')[0]);
      }),
    });
  }
}
