import type { z } from 'zod';
import { row, type Tx } from '../database/rows.js';

/** A kind of background work: its name in the queue, and the form of what it is told. */
export interface Job<Payload> {
  name: string;
  payload: z.ZodType<Payload>;
  /** Tries before it lies dead in the queue, where the operator finds it. */
  maxAttempts?: number;
  /** A crontab line, for work that begins by itself with an empty payload. */
  cron?: string;
}

export interface JobRun {
  /** 1 at the first try. */
  attempt: number;
  /**
   * The effects of this run, in one transaction that commits only while this worker still holds the job: a worker
   * that was stopped and has meanwhile been replaced is refused (fencing). Whatever locks or writes goes in here,
   * whatever waits for the outside world stays out.
   */
  effect<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

/** Does the job; throwing means another try later, with growing pauses (about e^attempt seconds). */
export type JobHandler<Payload> = (payload: Payload, run: JobRun) => Promise<void>;

interface JobOptions {
  /** Not before this moment. */
  at?: Date | undefined;
  /** Replaces a waiting job of the same key. */
  key?: string | undefined;
  /** Jobs of the same queue run one after another, whichever worker runs them. */
  queue?: string | undefined;
  /** Lower goes first; 0 unless told. */
  priority?: number | undefined;
}

/**
 * Puts a job into the queue as part of the transaction that causes it: a rollback leaves nothing behind.
 * It sends a NOTIFY, which serialises commits: never on the posting path.
 */
export async function enqueue<Payload>(
  tx: Tx,
  job: Job<Payload>,
  payload: Payload,
  options: JobOptions = {},
): Promise<void> {
  await enqueueAll(tx, job, [{ payload, ...options }]);
}

/** Many of one kind, in one statement with one NOTIFY. Keys must differ. */
export async function enqueueAll<Payload>(
  tx: Tx,
  job: Job<Payload>,
  wanted: ({ payload: Payload } & JobOptions)[],
): Promise<void> {
  if (!wanted.length) return;
  await row(
    tx,
    `select count(*) from graphile_worker.add_jobs(array(
       select (it.name, it.payload, it.queue, it.at, it.attempts, it.key, it.priority, null)::graphile_worker.job_spec
       from json_to_recordset($1) as it (name text, payload json, queue text, at timestamptz, attempts smallint,
         key text, priority smallint)))`,
    [
      JSON.stringify(
        wanted.map(({ payload, ...options }) => ({
          ...options,
          name: job.name,
          payload: job.payload.parse(payload),
          attempts: job.maxAttempts ?? 5,
        })),
      ),
    ],
  );
}
