import { ConfigError } from '../config/env.js';
import { isUnavailable, sqlStateOf } from './postgres-errors.js';

/** The advice for each SQLSTATE, or for all that begin with these characters. */
const ADVICE: readonly (readonly [string, string])[] = [
  ['28', 'Check the user and the password. Write special characters in them by their code, such as %40 for @.'],
  ['3D000', 'Create the database first, owned by the user of this URL.'],
  ['42501', 'The user of this URL must own the database.'],
  ['42P07', 'The database holds tables of another program. Use an empty database.'],
];

/** Explains an error of the first connection or of a migration to the person who set DATABASE_URL. */
export function explainConnectionError(error: unknown, url: string): unknown {
  const { message } = error as Error;
  const state = sqlStateOf(error);
  const advice = state
    ? ADVICE.find(([beginning]) => state.startsWith(beginning))?.[1]
    : (isUnavailable(error) || message === 'timeout expired') &&
      'Is a Postgres running there, and can this machine reach it?';
  if (!advice) return error;
  return new ConfigError(`DATABASE_URL (${placeOf(url)}): ${message}. ${advice}`, { cause: error });
}

/** Returns host, port and database of a URL, without its password. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) return 'not a URL';
  const { hostname, port, pathname } = new URL(url);
  return `${hostname || 'localhost'}:${port || 5432}${pathname}`;
}
