import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { row } from '../database/rows.js';
import { Metrics } from '../metrics/metrics.js';

interface QueueNumbers {
  jobs: { ready: number; scheduled: number; running: number; dead: number };
  /** Seconds since the oldest job that may run fell due. */
  oldest: number;
  /** Seconds since a worker proved itself alive; null when no worker is known. */
  worker: number | null;
}

const NUMBERS = `
  select json_build_object(
      'ready', count(*) filter (where locked_at is null and attempts < max_attempts and run_at <= now()),
      'scheduled', count(*) filter (where locked_at is null and attempts < max_attempts and run_at > now()),
      'running', count(*) filter (where locked_at is not null),
      'dead', count(*) filter (where locked_at is null and attempts >= max_attempts)) as jobs,
    coalesce(extract(epoch from now() - min(run_at)
      filter (where locked_at is null and attempts < max_attempts and run_at <= now())), 0)::float8 as oldest,
    (select extract(epoch from clock_timestamp() - max(seen_at)) from job_workers)::float8 as worker
  from graphile_worker.jobs`;

/** Shows the queue, which all processes share, so each of them shows the same. */
@Injectable()
export class QueueMetrics implements OnModuleInit {
  private running: Promise<QueueNumbers> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.metrics.gauge(
      'rostra_jobs',
      'Jobs in the queue: ready to run, scheduled for later, running, and dead after their last attempt.',
      async () => ({ ...(await this.numbers()).jobs }),
      'state',
    );
    this.metrics.gauge(
      'rostra_oldest_ready_job_age_seconds',
      'How long the oldest job that is ready waits for a worker.',
      async () => (await this.numbers()).oldest,
    );
    this.metrics.gauge(
      'rostra_worker_seen_age_seconds',
      'How long ago a worker proved itself alive. It is missing when none is known.',
      async () => (await this.numbers()).worker ?? undefined,
    );
  }

  /** Gauges that are read together share one statement. */
  private numbers(): Promise<QueueNumbers> {
    const read = async (): Promise<QueueNumbers> => (await row<QueueNumbers>(this.dataSource, NUMBERS))!;
    return (this.running ??= read().finally(() => (this.running = undefined)));
  }
}
