import { runMigrations } from 'graphile-worker';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import type { Config } from '../config/config.js';
import { ConfigError } from '../config/env.js';
import { grantAppRole } from './app-role.js';
import { dataSourceOptions } from './data-source.js';
import { explainConnectionError, placeOf } from './connection-error.js';
import { inspectDatabase } from './inspect-database.js';
import { sqlState, sqlStateOf } from './postgres-errors.js';
import { connectionOptions, GuardedClient } from './connection.js';
import { LOCK_WAIT_MS, runPatiently } from './patient-migrations.js';

const LOCK = 7000;

/** Tells the operator. Commands answer on standard output, so their warnings go to standard error. */
type Warn = (line: string) => void;
const toStderr: Warn = (line) => console.warn(line);

/**
 * Makes the database ready for a start: as the migrator where there is one, else as the app's own user where that may, and
 * else by waiting for nobody: it refuses a database that is out of date.
 * @throws ConfigError naming the setting that is wrong, or saying how to migrate
 */
export async function prepareDatabase(config: Config, mayMigrate: boolean, warn: Warn = toStderr): Promise<void> {
  const migrator = config.env.MIGRATION_DATABASE_URL;
  if (!migrator)
    return mayMigrate ? migrate(config.directUrl, undefined, warn) : requireMigrations(config.directUrl, warn);
  const { pooler } = await inspectDatabase(migrator).catch((error: unknown) => {
    throw explainConnectionError(error, migrator, 'MIGRATION_DATABASE_URL');
  });
  if (pooler === 'transaction')
    throw new ConfigError(
      `MIGRATION_DATABASE_URL (${placeOf(migrator)}): a pooler in transaction mode is in front, and migrations need a session. Set the address of Postgres itself.`,
    );
  await migrate(migrator, config.databaseUrl, warn);
}

/** Refuses a database that this version cannot use, for a user who may not change that. @throws ConfigError */
async function requireMigrations(url: string, warn: Warn): Promise<void> {
  const client = new GuardedClient(connectionOptions(url, 'rostra migration', 10_000));
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string }>('select name from migrations').catch((error: unknown) => {
      if (sqlStateOf(error) === sqlState.undefinedTable) return { rows: [] };
      throw error;
    });
    const done = new Set(rows.map((it) => it.name));
    const missing = migrations.filter((it) => !done.has(it.name));
    if (missing.length)
      throw new ConfigError(
        `DATABASE_URL (${placeOf(url)}): the database lacks ${missing.length === 1 ? 'a migration' : `${missing.length} migrations`} (${missing.at(-1)!.name} is the last), and this user may not make tables. Run \`node dist/src/cli.js migrate\` with MIGRATION_DATABASE_URL first.`,
      );
    await warnOfNewer(client, warn);
  } catch (error) {
    throw explainConnectionError(error, url);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Brings the database up to date by our migrations and then the job library's. Processes that start at once take turns.
 * @param appUrl the app's DATABASE_URL, whose user gets the rights that it needs
 * @throws ConfigError when the URL is wrong
 */
export async function migrate(url: string, appUrl?: string, warn: Warn = toStderr): Promise<void> {
  // A migration, and the wait for another process's, may take long.
  const connection = { ...connectionOptions(url, 'rostra migration', 10_000, true), silenceMillis: 0 };
  const lockConnection = new GuardedClient(connection);
  try {
    await lockConnection.connect();
    await lockConnection.query('select pg_advisory_lock($1, 0)', [LOCK]);
    const options = dataSourceOptions(url, { entities: [], migrations });
    // Other statements must not queue behind a lock that a migration waits for.
    const extra = { ...connection, max: 1, lock_timeout: LOCK_WAIT_MS };
    const dataSource = await new DataSource({ ...options, extra }).initialize();
    try {
      await runPatiently(dataSource, warn);
    } finally {
      await dataSource.destroy();
    }
    await runMigrations({ connectionString: url });
    if (appUrl) await grantAppRole(lockConnection, appUrl);
    await warnOfNewer(lockConnection, warn);
  } catch (error) {
    throw explainConnectionError(error, url, appUrl ? 'MIGRATION_DATABASE_URL' : 'DATABASE_URL');
  } finally {
    await lockConnection.end();
  }
}

/**
 * Returns migrations that this version does not know: usual during an upgrade, wrong when an old version was started.
 */
async function warnOfNewer(client: pg.Client, warn: Warn): Promise<void> {
  const known = migrations.map((it) => it.name);
  const { rows } = await client.query<{ name: string }>(
    'select name from migrations where name <> all ($1) order by timestamp',
    [known],
  );
  if (rows.length)
    warn(
      `The database was changed by a newer Rostra (${rows.map((it) => it.name).join(', ')}). Start that version here, too.`,
    );
}
