import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { sqlState, sqlStateOf } from './postgres-errors.js';

/** The wait for a lock. All later statements on the table queue behind it, so readers wait as long. */
export const LOCK_WAIT_MS = 1_000;
const TRIES = 60;
const PAUSE_MS = 1_000;
/** A migration that waits for a row of another transaction, which waits for one of the migration, ends in a deadlock. */
const AGAIN: readonly (string | undefined)[] = [sqlState.lockNotAvailable, sqlState.deadlockDetected];

/**
 * Runs the migrations, each in its own transaction. One that does not get a lock in time ends, lets the statements behind
 * it pass, and is tried again for about two minutes.
 * @param dataSource with a lock_timeout of LOCK_WAIT_MS
 * @throws the error of the last attempt
 */
export async function runPatiently(
  dataSource: DataSource,
  warn: (line: string) => void,
  pauseMs = PAUSE_MS,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await dataSource.runMigrations();
      return;
    } catch (error) {
      if (!AGAIN.includes(sqlStateOf(error)) || attempt === TRIES) throw error;
      if (attempt === 1) warn('A migration waits for a lock that another statement holds. It is tried again.');
      await wait(pauseMs * (0.5 + Math.random()));
    }
  }
}
