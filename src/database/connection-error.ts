import { ConfigError } from '../config/env.js';
import { isUnavailable, sqlStateOf } from './postgres-errors.js';

/** The advice for each SQLSTATE, or for all that begin with these characters. */
const ADVICE: readonly (readonly [string, string])[] = [
  ['28', 'Check the user and the password. Write special characters in them percent-encoded, such as %40 for @.'],
  ['3D000', 'Create the database first, owned by the user of this URL.'],
  ['42501', 'The user of this URL must own the database.'],
  [
    '08P01',
    'A pooler such as PgBouncer is in front. Set DATABASE_PREPARED=off, and DATABASE_DIRECT_URL to the address of Postgres itself.',
  ],
  ['42P07', 'The database holds tables of another program. Use an empty database.'],
];

/** Explains an error of the first connection or of a migration to the person who set DATABASE_URL. */
export function explainConnectionError(error: unknown, url: string, setting = 'DATABASE_URL'): unknown {
  const { message } = error as Error;
  const state = sqlStateOf(error);
  const advice = state ? ADVICE.find(([beginning]) => state.startsWith(beginning))?.[1] : adviceWithoutState(error);
  if (!advice) return error;
  return new ConfigError(`${setting} (${placeOf(url)}): ${message}. ${advice}`, { cause: error });
}

/** Advises by the errors of the network and of TLS, which have no SQLSTATE. */
function adviceWithoutState(error: unknown): string | undefined {
  const { message, code = '' } = error as Error & { code?: string };
  if (message.includes('does not support SSL'))
    return 'DATABASE_URL or PGSSLMODE asks for TLS, and this server has none. Add ?sslmode=disable to the URL if the network is yours, or switch TLS on at the server.';
  if (/CERT|SIGNED|ALTNAME/.test(code))
    return 'The certificate of the server is not trusted. Name its authority by &sslrootcert=<file> in the URL.';
  if (isUnavailable(error) || message === 'timeout expired')
    return 'Is a Postgres running there, and can this machine reach it?';
  return undefined;
}

/** Returns host, port and database of a URL, without its password. */
export function placeOf(url: string): string {
  if (!URL.canParse(url)) return 'not a URL';
  const { hostname, port, pathname } = new URL(url);
  return `${hostname || 'localhost'}:${port || 5432}${pathname}`;
}
