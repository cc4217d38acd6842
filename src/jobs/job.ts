import type { z } from 'zod';
import { row, type Tx } from '../database/rows.js';

/**
 * The places of a worker by the server that a job waits for. Each lane has its own, so that a slow mail server, push
 * service or Stripe delays no work but its own.
 */
export const LANES = { internal: 4, gifts: 4, mail: 4, push: 6, stripe: 4, pages: 2 } as const;

export type Lane = keyof typeof LANES;

/** A kind of background work, with its name in the queue and the schema of its payload. */
export interface Job<Payload> {
  name: string;
  payload: z.ZodType<Payload>;
  /** The number of attempts; after the last one the job stays in the queue as failed, for the operator. */
  maxAttempts?: number;
  /** Whom the work waits for; internal when absent. A job that calls another server names its lane. */
  lane?: Lane;
  /** A crontab line in UTC, for work that starts by schedule with an empty payload. */
  cron?: string;
}

export interface JobRun {
  /** The number of this attempt, from 1. */
  attempt: number;
  /**
   * Throws when this worker may be believed dead, so that another one may do the work by now. Call it before an effect
   * outside of the database: a push, a mail.
   */
  checkLease(): void;
  /**
   * Runs the effects of this job in one transaction, which commits only while this worker still holds the job (a
   * fence): a worker that was replaced meanwhile is refused. Do all locking and writing in here, and wait for the
   * outside world elsewhere.
   */
  effect<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

/** Runs the job. When it throws, it is tried again later, after about e^attempt seconds. */
export type JobHandler<Payload> = (payload: Payload, run: JobRun) => Promise<void>;

interface JobOptions {
  /** The job does not start before this moment. */
  at?: Date | undefined;
  /** The job replaces a waiting job of the same key. */
  key?: string | undefined;
  /** Jobs of the same queue run one after another, whichever worker runs them. */
  queue?: string | undefined;
  /** A lower number runs first; 0 when absent. */
  priority?: number | undefined;
}

/**
 * Puts a job into the queue as part of the transaction that causes it, so a rollback leaves nothing behind.
 * It sends a NOTIFY, which serialises commits, so the posting path must not call it.
 */
export async function enqueue<Payload>(
  tx: Tx,
  job: Job<Payload>,
  payload: Payload,
  options: JobOptions = {},
): Promise<void> {
  await enqueueAll(tx, job, [{ payload, ...options }]);
}

/** Puts many jobs of one kind into the queue in one statement with one NOTIFY. Their keys must differ. */
export async function enqueueAll<Payload>(
  tx: Tx,
  job: Job<Payload>,
  requests: ({ payload: Payload } & JobOptions)[],
): Promise<void> {
  if (!requests.length) return;
  await row(
    tx,
    `select count(*) from graphile_worker.add_jobs(array(
       select (it.name, it.payload, it.queue, it.at, it.attempts, it.key, it.priority, null)::graphile_worker.job_spec
       from json_to_recordset($1) as it (name text, payload json, queue text, at timestamptz, attempts smallint,
         key text, priority smallint)))`,
    [
      JSON.stringify(
        requests.map(({ payload, ...options }) => ({
          ...options,
          name: job.name,
          payload: job.payload.parse(payload),
          attempts: job.maxAttempts ?? 5,
        })),
      ),
    ],
  );
}
