import { Logger } from '@nestjs/common';
import { isUnavailable } from '../database/postgres-errors.js';

const log = new Logger('Jobs');

/**
 * Ignores one unhandled rejection of graphile-worker: it does not await the query that marks a job as failed or done,
 * which fails while the database is away. The job is freed and runs again. Any other unhandled error ends the process.
 */
export function ignoreLostCompletion(error: unknown): void {
  if (!isUnavailable(error)) throw error;
  log.warn(`A connection failed, and nobody waited for it: ${(error as Error).message}`);
}
