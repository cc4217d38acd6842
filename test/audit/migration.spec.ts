import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { CreateAuditLog1764000013000 } from '../../migrations/1764000013000-create-audit-log.js';
import { migrations } from '../../migrations/index.js';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { emptyDatabase } from '../support/catalogue.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';

describe('the migration to one audit log', () => {
  let database: TestDatabase;
  let old: DataSource;

  beforeAll(async () => {
    database = await cloneDatabase();
    await emptyDatabase(database.url);
    const before = migrations.slice(0, migrations.indexOf(CreateAuditLog1764000013000));
    old = await new DataSource(dataSourceOptions(database.url, { entities: [], migrations: before }, 2)).initialize();
    await old.runMigrations();
  });
  afterAll(async () => {
    await old.destroy();
    await database.drop();
  });

  it('keeps every recorded action and decision, and gives them back when it is undone', async () => {
    await old.query(`
      insert into accounts (email, display_name, name_skeleton)
      select n || '@example.test', n, n from unnest(array['ann', 'mo']) n order by n`);
    await old.query(`
      insert into account_actions (account_id, actor_id, action, detail, created_at) values
        (2, null, 'role', 'new -> admin, by the operator', '2026-01-01T00:00:00Z'),
        (1, 2, 'role', 'reader -> editor', '2026-01-02T00:00:00Z'),
        (1, 2, 'ban', '12: a reason -> with marks', '2026-01-03T00:00:00Z'),
        (1, 2, 'unban', 'a mistake', '2026-01-04T00:00:00Z'),
        (null, null, 'api-key', '7: 3: a server, by the operator', '2026-01-05T00:00:00Z')`);
    await old.query(`insert into articles (key, url, title) values ('a', 'https://site.example/a', 'A')`);
    await old.query(`
      insert into comments (article_id, author_id, depth, root_id, ancestors, body, rank, created_at)
      values (1, 1, 0, 1, '{1}', 'A comment.', 0, now())`);
    await old.query(`
      insert into decisions (comment_id, revision, moderator_id, action, reason, state_before, state_after, created_at)
      values (1, 1, 2, 'remove', 'spam', 'published', 'removed', '2026-01-06T00:00:00Z')`);
    const actions: unknown[] = await old.query('select * from account_actions order by id');

    const migration = new CreateAuditLog1764000013000();
    const runner = old.createQueryRunner();
    await migration.up(runner);
    expect(
      await old.query(`
        select concat_ws(' ', actor_id, action, subject_type, subject_id, to_char(created_at at time zone 'UTC', 'DD')) as entry,
          detail from audit_log order by id`),
    ).toEqual([
      { entry: 'account.set-role account 2 01', detail: { from: null, to: 'admin' } },
      { entry: '2 account.set-role account 1 02', detail: { from: 'reader', to: 'editor' } },
      { entry: '2 account.ban account 1 03', detail: { reason: '12: a reason -> with marks' } },
      { entry: '2 account.unban account 1 04', detail: { reason: 'a mistake' } },
      { entry: 'api-key.create api-key 7 05', detail: { name: '3: a server' } },
      { entry: '2 comment.remove comment 1 06', detail: { decisionId: '1', reason: 'spam' } },
    ]);
    await expect(old.query('delete from audit_log')).rejects.toThrow('append-only');
    await migration.down(runner);
    await runner.release();
    expect(await old.query('select * from account_actions order by id')).toEqual(actions);
  });
});
