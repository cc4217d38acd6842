import { ConnectionSilent } from './connection.js';
import { isPlaceMissing, isUnavailable, sqlStateOf } from './postgres-errors.js';

/** Why the database could not serve a request, for logs and readiness. */
export interface Outage {
  /** A word to search logs for. */
  readonly reason: string;
  readonly detail: string;
}

/** The reason for each SQLSTATE, or for all that begin with these characters. The first match counts. */
const STATES: readonly (readonly [beginning: string, reason: string, meaning: string])[] = [
  ['25006', 'database_read_only', 'The database refuses writes, as a standby does'],
  ['53100', 'database_disk_full', 'The disk of the database is full'],
  ['53300', 'database_connections_full', 'The database accepts no more connections (its max_connections)'],
  ['53', 'database_full', 'The database has no resources left'],
  ['55P03', 'database_locked', 'A lock was held for too long'],
  ['57014', 'database_slow', 'A statement took too long'],
  ['28', 'database_refuses', 'The database refuses our user'],
  ['3D', 'database_missing', 'The database does not exist'],
  ['40', 'database_conflict', 'Transactions conflicted at every attempt'],
];

/** @returns undefined when the error is none of an unavailable database */
export function outageOf(error: unknown): Outage | undefined {
  if (!isUnavailable(error)) return undefined;
  const { message } = error as Error;
  const state = sqlStateOf(error) ?? '';
  const known = STATES.find(([beginning]) => state.startsWith(beginning));
  if (known) return { reason: known[1], detail: `${known[2]}: ${message}` };
  if (/exceeded when trying to connect/.test(message))
    return {
      reason: 'database_pool_full',
      detail: 'All database connections of this process stayed busy (DATABASE_POOL)',
    };
  if (isPlaceMissing(error))
    return { reason: 'database_silent', detail: 'The database accepted no connection in time' };
  if (/not answer on this connection|read timeout/.test(message) || error instanceof ConnectionSilent)
    return { reason: 'database_silent', detail: message };
  return { reason: 'database_away', detail: message };
}
