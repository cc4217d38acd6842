import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { dataSourceOptions } from './data-source.js';
import { explainConnectionError } from './connection-error.js';

const LOCK = 7000;

/**
 * Brings the database up to date by our migrations and then the job library's. Processes that start at once take turns.
 * @throws ConfigError when DATABASE_URL is wrong
 */
export async function migrate(url: string): Promise<void> {
  const lockConnection = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await lockConnection.connect();
    await lockConnection.query('select pg_advisory_lock($1, 0)', [LOCK]);
    const options = dataSourceOptions(url, { entities: [], migrations });
    // A migration may run long, but other statements must not queue behind a lock that it waits for.
    const dataSource = await new DataSource({ ...options, extra: { max: 1, lock_timeout: 10_000 } }).initialize();
    try {
      await dataSource.runMigrations();
    } finally {
      await dataSource.destroy();
    }
    await runMigrations({ connectionString: url });
    await warnOfNewer(lockConnection);
  } catch (error) {
    throw explainConnectionError(error, url);
  } finally {
    await lockConnection.end();
  }
}

/**
 * Returns migrations that this version does not know: usual during an upgrade, wrong when an old version was started.
 */
async function warnOfNewer(client: pg.Client): Promise<void> {
  const known = migrations.map((it) => it.name);
  const { rows } = await client.query<{ name: string }>(
    'select name from migrations where name <> all ($1) order by timestamp',
    [known],
  );
  if (rows.length)
    console.warn(
      `The database was changed by a newer Rostra (${rows.map((it) => it.name).join(', ')}). Start that version here, too.`,
    );
}
