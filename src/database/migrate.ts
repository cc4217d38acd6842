import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { dataSourceOptions } from './data-source.js';

const LOCK = 7000;

/** Brings the database up to date: our migrations, then the job library's. Processes that start at once take turns. */
export async function migrate(url: string): Promise<void> {
  const turn = new pg.Client({ connectionString: url });
  await turn.connect();
  try {
    await turn.query('select pg_advisory_lock($1, 0)', [LOCK]);
    const options = dataSourceOptions(url, { entities: [], migrations }, 1);
    // A migration may take its time, but it must not queue everybody else behind a lock that it waits for.
    const dataSource = await new DataSource({ ...options, extra: { max: 1, lock_timeout: 10_000 } }).initialize();
    try {
      await dataSource.runMigrations();
    } finally {
      await dataSource.destroy();
    }
    await runMigrations({ connectionString: url });
  } finally {
    await turn.end();
  }
}
