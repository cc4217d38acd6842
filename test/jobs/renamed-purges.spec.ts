import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { CompleteRenamedPurges1764000014000 } from '../../migrations/1764000014000-complete-renamed-purges.js';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';

describe('the migration of renamed purge jobs', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await cloneDatabase();
    dataSource = await new DataSource(dataSourceOptions(database.url, { entities: [], migrations: [] })).initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it('removes runs that wait under an old name, and keeps running ones and all other jobs', async () => {
    const add = (name: string) => dataSource.query(`select graphile_worker.add_job($1, '{}'::json)`, [name]);
    await add('sweep-sign-ins');
    await dataSource.query(`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'an old worker'`);
    const kept = ['purge-sign-ins', 'sweep-stripe-events', 'sweep-supporter-badges'];
    const old = ['sweep-sign-ins', 'blank-deleted-comments', 'sweep-push-subscriptions', 'sweep-reports'];
    for (const name of [...kept, ...old, 'sweep-request-guards', 'sweep-told-replies']) await add(name);

    const runner = dataSource.createQueryRunner();
    await new CompleteRenamedPurges1764000014000().up(runner);
    await runner.release();
    const jobs: { name: string }[] = await dataSource.query(
      'select task_identifier as name from graphile_worker.jobs order by id',
    );
    expect(jobs.map((it) => it.name)).toEqual(['sweep-sign-ins', ...kept]);
  });
});
