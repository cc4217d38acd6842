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
    const dataSource = await new DataSource(dataSourceOptions(url, { entities: [], migrations }, 1)).initialize();
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
