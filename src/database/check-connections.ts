import type { Config } from '../config/config.js';
import { ConfigError } from '../config/env.js';
import { type ConnectionOptions, GuardedClient } from './connection.js';
import { dataSourceOptions } from './data-source.js';
import { explainConnectionError, placeOf } from './connection-error.js';
import { type DatabaseFacts, inspectDatabase } from './inspect-database.js';

/** The oldest Postgres on which the migrations run. */
const OLDEST = 150_000;
/** Processes whose clocks differ by more refuse each other's tickets and delay each other's jobs. */
export const CLOCKS_MAY_DIFFER_MS = 2_000;

export interface Connections {
  /** Through DATABASE_URL. */
  readonly app: DatabaseFacts;
  /** Past a pooler. */
  readonly direct: DatabaseFacts;
}

/**
 * Looks at the database before anything waits for it.
 * @throws ConfigError when it cannot be reached, or when a pooler is in front that the settings do not know of
 */
export async function checkConnections(config: Config): Promise<Connections> {
  const direct = await inspected('DATABASE_DIRECT_URL', config.directUrl, config.databaseUrl);
  const app = config.directUrl === config.databaseUrl ? direct : await inspected('DATABASE_URL', config.databaseUrl);
  const problem = problemOf(config, { app, direct });
  if (problem) throw new ConfigError(problem);
  // A pooler that keeps sessions may still refuse their parameters.
  if (app.pooler !== 'none' && config.preparedStatements) await tryParameters(config.databaseUrl);
  return { app, direct };
}

async function tryParameters(url: string): Promise<void> {
  const { extra } = dataSourceOptions(url, { entities: [], migrations: [] });
  const client = new GuardedClient(extra as ConnectionOptions);
  try {
    await client.connect();
  } catch (error) {
    throw explainConnectionError(error, url);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function inspected(name: string, url: string, same?: string): Promise<DatabaseFacts> {
  return inspectDatabase(url).catch((error: unknown) => {
    throw explainConnectionError(error, url, url === same ? 'DATABASE_URL' : name);
  });
}

/** Returns what ends the start. */
export function problemOf(config: Config, { app, direct }: Connections): string | undefined {
  const cure = 'Set DATABASE_PREPARED=off, and DATABASE_DIRECT_URL to the address of Postgres itself.';
  if (app.pooler === 'transaction' && config.preparedStatements)
    return `DATABASE_URL (${placeOf(config.databaseUrl)}): a pooler in transaction mode, such as PgBouncer, is in front, and prepared statements, locks and LISTEN need a session. ${cure}`;
  if (direct.pooler === 'transaction')
    return `DATABASE_DIRECT_URL (${placeOf(config.directUrl)}): a pooler in transaction mode, such as PgBouncer, is in front, and locks and LISTEN need a session. ${cure}`;
  if (direct.versionNumber < OLDEST)
    return `DATABASE_URL (${placeOf(config.directUrl)}): this is Postgres ${direct.version}, and Rostra needs 15 or later. Update the server.`;
  if (direct.encoding !== 'UTF8')
    return `DATABASE_URL (${placeOf(config.directUrl)}): the database has the encoding ${direct.encoding}, in which names and comments of many languages cannot be stored. Make one with: create database rostra encoding 'UTF8' template template0.`;
  return undefined;
}

/** Returns a line for each thing about the database that is probably wrong. */
export function connectionWarnings(config: Config, { app, direct }: Connections): string[] {
  const apart = clockWarning(direct);
  return [
    ...(apart ? [apart] : []),
    ...(config.production && app.superuser
      ? [
          `DATABASE_URL: its user ${app.user} is a superuser, so a fault in Rostra could change the audit log or the server itself. Let Rostra run as a role of its own (docs/operating.md, "Roles of the database").`,
        ]
      : []),
    ...(app.readOnly ? ['DATABASE_URL: the database is read-only now, so readers can read and not write.'] : []),
  ];
}

/** Says that the clocks of this machine and of the database differ, if they do. */
export function clockWarning(clocks: { clockAheadMs: number; clockErrorMs: number }): string | undefined {
  const { clockAheadMs: ahead, clockErrorMs: error } = clocks;
  if (Math.abs(ahead) - error <= CLOCKS_MAY_DIFFER_MS) return undefined;
  return (
    `The clock of this machine is ${inWords(Math.abs(ahead))} ${ahead > 0 ? 'behind' : 'ahead of'} the clock of the database. ` +
    'Sign-in links, tickets and jobs of processes with different times fail. Let NTP set the clocks of both.'
  );
}

const inWords = (ms: number): string =>
  ms < 120_000
    ? `${Math.round(ms / 1000)} seconds`
    : ms < 7_200_000
      ? `${Math.round(ms / 60_000)} minutes`
      : `${Math.round(ms / 3_600_000)} hours`;
