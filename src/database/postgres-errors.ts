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
const AWAY = new Set('ECONNREFUSED ECONNRESET EPIPE ETIMEDOUT EHOSTUNREACH ENETUNREACH ENOTFOUND EAI_AGAIN'.split(' '));

/** Whether the database is away, full or too slow (57014), so that the caller may try again later (503). */
export function isUnavailable(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state) return /^(08|53|57P0|57014|25P03|55P03)/.test(state);
  const { code, message } = error as { code?: string; message?: string };
  return (
    AWAY.has(code ?? '') || /trying to connect|Connection terminated|not queryable|read timeout/.test(message ?? '')
  );
}
