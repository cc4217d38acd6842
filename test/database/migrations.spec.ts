import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { DataSource, type EntityMetadata, type QueryRunner } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { entities } from '../../src/app.entities.js';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { migrate } from '../../src/database/migrate.js';
import { runPatiently } from '../../src/database/patient-migrations.js';
import { type Catalogue, emptyDatabase, readCatalogue, readForeignKeys } from '../support/catalogue.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { until } from '../support/until.js';

const root = new URL('../../', import.meta.url);
const SNAPSHOT = new URL('../support/catalogue.snapshot.json', import.meta.url);

/** Foreign keys without an index, with the reason why none is needed. */
const UNINDEXED: Record<string, string> = {
  'audit_log (actor_id)': 'an account that acted is never deleted; nothing reads by actor',
  'comments (article_id)': 'articles are never deleted; the reads have partial indexes of their own',
  'comments (parent_id)': 'comments are never deleted, only marked; the reads have a partial index of their own',
  'setting_versions (account_id)': 'an account is never deleted',
  'setting_versions (site_key)': 'a site is never deleted',
  'recent_texts (article_id)': 'a join of conversations, which is rare, reads the rows of three days',
  'decisions (moderator_id)': 'an account that decided is never deleted; nothing reads by moderator',
};

const NOTHING: Catalogue = { tables: {}, functions: {}, others: [] };

describe('migrations', () => {
  let database: TestDatabase;
  const connections: DataSource[] = [];

  const connect = async (): Promise<DataSource> => {
    const dataSource = await new DataSource(dataSourceOptions(database.url, { entities, migrations }, 2)).initialize();
    connections.push(dataSource);
    return dataSource;
  };

  beforeAll(async () => {
    database = await cloneDatabase();
    await emptyDatabase(database.url);
  });
  afterAll(async () => {
    for (const it of connections) await it.destroy();
    await database.drop();
  });

  it('lead from nothing to the committed catalogue', async () => {
    expect(await readCatalogue(database.url)).toEqual(NOTHING);
    await migrate(database.url);
    const catalogue = await readCatalogue(database.url);
    // After a new migration: `UPDATE_CATALOGUE=1 npm test -- test/database/migrations.spec.ts`, and read the
    // difference.
    if (process.env.UPDATE_CATALOGUE) await writeFile(SNAPSHOT, `${JSON.stringify(catalogue, null, 2)}\n`);
    expect(catalogue).toEqual(JSON.parse(await readFile(SNAPSHOT, 'utf8')));
  });

  it('change nothing when they run a second time', async () => {
    const before = await readCatalogue(database.url);
    await migrate(database.url);
    expect(await readCatalogue(database.url)).toEqual(before);
    expect(await (await connect()).showMigrations()).toBe(false);
  });

  it('made the template of all other tests', async () => {
    const clone = await cloneDatabase();
    try {
      expect(await readCatalogue(clone.url)).toEqual(await readCatalogue(database.url));
    } finally {
      await clone.drop();
    }
  });

  it('give every table an entity with the same columns, types and nullability, and the other way round', async () => {
    const dataSource = await connect();
    const { tables } = await readCatalogue(database.url);
    const fromTables = Object.fromEntries(
      Object.entries(tables).map(([name, { columns, constraints }]) => [
        name,
        {
          columns: Object.fromEntries(
            Object.entries(columns).map(([column, { type, nullable, identity }]) => [
              column,
              { type, nullable, generated: identity !== null },
            ]),
          ),
          primary: primaryOf(constraints),
        },
      ]),
    );
    expect(Object.fromEntries(dataSource.entityMetadatas.map((it) => tableOf(dataSource, it)))).toEqual(fromTables);
  });

  it('agree with TypeORM: no relation, no cascade, no eager or generated schema in any entity', async () => {
    const dataSource = await connect();
    for (const it of dataSource.entityMetadatas) {
      expect([it.tableName, it.relations.map((one) => one.propertyName)]).toEqual([it.tableName, []]);
      expect([it.tableName, it.indices.length, it.checks.length, it.uniques.length]).toEqual([it.tableName, 0, 0, 0]);
    }
    expect(dataSource.options.synchronize ?? false).toBe(false);
    expect(dataSource.options.dropSchema ?? false).toBe(false);
  });

  it('give every foreign key an index, or a reason why it needs none', async () => {
    const keys = await readForeignKeys(database.url);
    expect(keys.length).toBeGreaterThan(10);
    const bare = keys.filter((it) => !it.indexes.length).map((it) => `${it.table} (${it.columns.join(', ')})`);
    expect(bare.sort()).toEqual(Object.keys(UNINDEXED).sort());
  });

  it('make decisions, the audit log and the ledger refuse updates, deletions and truncation', async () => {
    const dataSource = await connect();
    for (const table of ['decisions', 'audit_log', 'ledger_entries'])
      for (const sql of [`update ${table} set id = default`, `delete from ${table}`, `truncate ${table} cascade`])
        await expect(dataSource.query(sql)).rejects.toThrow(`${table} is append-only`);
  });

  it('run down to an empty schema one by one, and up again to the same catalogue', async () => {
    const dataSource = await connect();
    const whole = await readCatalogue(database.url);
    for (const { length } of migrations.map((_it, index) => migrations.slice(index))) {
      await dataSource.undoLastMigration();
      const done: unknown[] = await dataSource.query('select 1 from migrations');
      expect(done).toHaveLength(length - 1);
    }
    expect(await readCatalogue(database.url)).toEqual(NOTHING);
    await migrate(database.url);
    expect(await readCatalogue(database.url)).toEqual(whole);
  });

  it('run once when two processes start at the same time', async () => {
    await emptyDatabase(database.url);
    const script = `
      const { migrate } = await import(${JSON.stringify(new URL('src/database/migrate.ts', root).href)});
      await migrate(${JSON.stringify(database.url)});`;
    const hook = pathToFileURL(fileURLToPath(new URL('tools/typescript.mjs', root))).href;
    const run = () =>
      promisify(execFile)(process.execPath, ['--import', hook, '--input-type=module', '-e', script], {
        cwd: fileURLToPath(root),
        env: { ...process.env, NODE_OPTIONS: '' },
      });
    await Promise.all([run(), run()]);
    expect(await readCatalogue(database.url)).toEqual(JSON.parse(await readFile(SNAPSHOT, 'utf8')));
    const dataSource = await connect();
    const names: { name: string }[] = await dataSource.query('select name from migrations order by id');
    expect(names.map((it) => it.name)).toEqual(migrations.map((it) => it.name));
  });

  it('faults: wait for a lock in short steps, and let readers pass between them', async () => {
    class Widen9000000000001 {
      up = (db: QueryRunner) => db.query('alter table articles add column widened integer');
      down = (db: QueryRunner) => db.query('alter table articles drop column widened');
    }
    const options = dataSourceOptions(database.url, { entities: [], migrations: [Widen9000000000001] }, 1);
    const migrator = await new DataSource({
      ...options,
      extra: { ...(options.extra as object), lock_timeout: 100 },
    }).initialize();
    connections.push(migrator);
    const reader = await connect();
    const holder = reader.createQueryRunner();
    await holder.startTransaction();
    await holder.query('select 1 from articles limit 1');
    const warn = jest.fn();
    let isDone = false;
    const running = runPatiently(migrator, warn, 100).then(() => (isDone = true));
    await until('the first refusal', () => warn.mock.calls.length);
    for (let i = 0; i < 5; i += 1) await reader.query('select count(*) from articles'); // waits 100 ms at the most
    expect(isDone).toBe(false);
    await holder.commitTransaction();
    await holder.release();
    await running;
    expect(await reader.query('select widened from articles')).toEqual([]);
  });

  it('faults: try again when a migration and another transaction wait for each other', async () => {
    const other = (await connect()).createQueryRunner();
    await other.startTransaction();
    await other.query('lock table accounts');
    let meeting: Promise<void> | undefined;
    class Meet9000000000002 {
      async up(db: QueryRunner) {
        await db.query(`set local deadlock_timeout = '50ms'`);
        await db.query('lock table articles');
        meeting ??= other.query('lock table articles').then(() => other.commitTransaction());
        await db.query('select pg_sleep(0.1)');
        await db.query('lock table accounts');
      }
      down = (): Promise<void> => Promise.resolve();
    }
    const options = dataSourceOptions(database.url, { entities: [], migrations: [Meet9000000000002] }, 1);
    const migrator = await new DataSource(options).initialize();
    connections.push(migrator);
    const warn = jest.fn();
    await runPatiently(migrator, warn, 50);
    await meeting;
    await other.release();
    expect(warn.mock.calls).toHaveLength(1);
    expect(await migrator.showMigrations()).toBe(false);
  });
});

/** Describes a table by its entity. */
function tableOf({ driver }: DataSource, { tableName, columns, primaryColumns }: EntityMetadata): [string, object] {
  const described = columns.map(({ databaseName, type, length, isArray, isNullable, isGenerated }) => {
    const name = driver.normalizeType({ type });
    return [
      databaseName,
      {
        type: `${name}${length ? `(${length})` : ''}${isArray ? '[]' : ''}`,
        nullable: isNullable,
        generated: isGenerated,
      },
    ];
  });
  return [tableName, { columns: Object.fromEntries(described), primary: primaryColumns.map((it) => it.databaseName) }];
}

function primaryOf(constraints: Record<string, string>): string[] {
  const definition = Object.values(constraints).find((it) => it.startsWith('PRIMARY KEY')) ?? '()';
  return definition.slice(definition.indexOf('(') + 1, -1).split(', ');
}
