import { getSystemErrorName } from 'node:util';

interface OutsideError {
  name?: unknown;
  type?: unknown;
  code?: unknown;
  errno?: unknown;
  responseCode?: unknown;
  command?: unknown;
  statusCode?: unknown;
  requestId?: unknown;
}

/**
 * Returns the codes of an error that a mail server or Stripe caused, and undefined for other errors. Their texts may
 * name a person's address, so no log and no queue may keep them.
 */
export function outsideCodes(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { type, code, errno, responseCode, command, statusCode, requestId } = error as OutsideError;
  const said = (parts: unknown[]): string =>
    parts.filter((it) => it !== undefined && it !== null && it !== '').join(' ');
  if (responseCode !== undefined || command !== undefined)
    return said(['The mail server:', code, systemName(errno), responseCode, command]);
  if (typeof type === 'string' && type.startsWith('Stripe')) return said([`${type}:`, code, statusCode, requestId]);
  return undefined;
}

/** Describes an error for the log: by codes if it came from an outside service, else by its own text. */
export const describeError = (error: unknown): string => outsideCodes(error) ?? String(error);

/** Returns an error that can be kept: one of an outside service without its text, and any other as it is. */
export function keepable(error: unknown): unknown {
  const codes = outsideCodes(error);
  if (codes === undefined) return error;
  const kept = new Error(codes);
  const frames = error instanceof Error ? (error.stack?.match(/^ +at .*$/gm) ?? []) : [];
  kept.stack = [`Error: ${codes}`, ...frames].join('\n');
  return kept;
}

/** Returns the name of a system error, such as ECONNREFUSED. */
const systemName = (errno: unknown): string | undefined =>
  typeof errno === 'number' && errno < 0 ? getSystemErrorName(errno) : undefined;
