/** SQLSTATE codes that the code acts on (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
export const sqlState = {
  uniqueViolation: '23505',
  foreignKeyViolation: '23503',
  lockNotAvailable: '55P03',
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  undefinedTable: '42P01',
} as const;

/** Returns the SQLSTATE of a driver error, also of one inside TypeORM's QueryFailedError. */
export function sqlStateOf(error: unknown): string | undefined {
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  const found = driverError?.code ?? code;
  // An SQLSTATE has a digit, which Node's EPIPE has not.
  return typeof found === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(found) ? found : undefined;
}

/** Returns the constraint that a violation names. */
export function constraintOf(error: unknown): string | undefined {
  return (error as { driverError?: { constraint?: string } }).driverError?.constraint;
}

// The errors of the network while a server is away, restarting or moving.
const AWAY = new Set(
  (
    'ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ETIMEDOUT EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN EADDRNOTAVAIL ' +
    'EMFILE ENFILE ENOTFOUND EAI_AGAIN ETIMEOUT'
  ).split(' '),
);
const LOST = /Connection terminated|not queryable|connection error|read timeout/;
// TypeORM says so when a connection was lost between two statements of a transaction.
const RELEASED = /^QueryRunner(Provider)?AlreadyReleasedError$/;

/**
 * Whether the database is away, full, read-only, being repaired or too slow (57014), so that the caller may try again
 * later (503).
 */
export function isUnavailable(error: unknown): boolean {
  const state = sqlStateOf(error);
  // Deadlocks and serialization failures come here only after their retries.
  if (state) return /^(08|28|3D|40|53|57P|58|57014|25006|25P0[23]|55P03)/.test(state);
  const { code, message = '', name = '' } = error as { code?: string; message?: string; name?: string };
  return AWAY.has(code ?? '') || LOST.test(message) || RELEASED.test(name) || isPlaceMissing(error);
}

/** Whether the connection broke before its statement was answered. A read may then be repeated on another one. */
export function isConnectionLost(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state) return /^(08|57P0[12])/.test(state);
  const { code, message = '', name = '' } = error as { code?: string; message?: string; name?: string };
  return /^(ECONNRESET|ECONNABORTED|EPIPE)$/.test(code ?? '') || LOST.test(message) || RELEASED.test(name);
}

/** Whether no connection came free, or none could be opened, within the time of the pool. */
export function isPlaceMissing(error: unknown): boolean {
  return /trying to connect|timeout expired|connection timeout/.test((error as { message?: string }).message ?? '');
}
