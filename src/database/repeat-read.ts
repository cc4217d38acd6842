import { isConnectionLost } from './postgres-errors.js';

/** What a select must not contain to be repeated: locks, and functions that write. */
const EFFECTS = /\b(for (no key )?(update|share)|graphile_worker|pg_notify|nextval|setval|pg_(try_)?advisory)\b/i;

/** Whether a statement only reads, so that it may run twice. */
export const isRead = (sql: string): boolean => /^\s*select\b/i.test(sql) && !EFFECTS.test(sql);

/**
 * Runs a read outside of a transaction, and once more on another connection when its own was lost, as all are when
 * Postgres restarts.
 */
export async function repeatRead<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    return read();
  }
}
