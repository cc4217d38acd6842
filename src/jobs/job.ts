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

/**
 * Puts a job into the queue as part of the transaction that causes it: a rollback leaves nothing behind.
 * It sends a NOTIFY, which serialises commits: never on the posting path.
 * @param options.at not before this moment
 * @param options.key replaces a waiting job of the same key
 */
export async function enqueue<Payload>(
  tx: Tx,
  job: Job<Payload>,
  payload: Payload,
  options: { at?: Date; key?: string } = {},
): Promise<void> {
  await row(
    tx,
    'select graphile_worker.add_job($1, payload => $2::json, max_attempts => $3, run_at => $4, job_key => $5)',
    [
      job.name,
      JSON.stringify(job.payload.parse(payload)),
      job.maxAttempts ?? 5,
      options.at ?? null,
      options.key ?? null,
    ],
  );
}
