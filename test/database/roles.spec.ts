import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Config } from '../../src/config/config.js';
import { readEnvironment } from '../../src/config/env.js';
import { APPEND_ONLY } from '../../src/database/append-only.js';
import { checkConnections } from '../../src/database/check-connections.js';
import { migrate, prepareDatabase } from '../../src/database/migrate.js';
import { sqlStateOf } from '../../src/database/postgres-errors.js';
import { TestApp } from '../support/app.js';
import { type ComposeRoles, makeComposeRoles } from '../support/compose-roles.js';
import { type ClonedDatabase, cloneDatabase } from '../support/database.js';
import { until } from '../support/until.js';

// The app runs as a role without DDL, and the migrations as the owner of the tables.

describe('roles', () => {
  let database: ClonedDatabase;
  let roles: ComposeRoles;
  let role: string;
  let owner: string;
  let url: string;
  let ownerUrl: string;
  let admin: pg.Client;
  let app: pg.Client;

  beforeAll(async () => {
    database = await cloneDatabase();
    roles = await makeComposeRoles(database.adminUrl);
    ({ owner, app: role, ownerUrl, appUrl: url } = roles);
    await migrate(ownerUrl, url);
    [admin, app] = [database.adminUrl, url].map((it) => new pg.Client({ connectionString: it })) as [
      pg.Client,
      pg.Client,
    ];
    await Promise.all([admin.connect(), app.connect()]);
  });
  afterAll(async () => {
    await app.end();
    await admin.end();
    await roles.drop();
    await database.drop();
  });

  /** Returns the SQLSTATE with which Postgres refuses a statement of the app's role, or "allowed". */
  const tried = (sql: string): Promise<string | undefined> =>
    app.query(sql).then(
      () => 'allowed',
      (error: unknown) => sqlStateOf(error),
    );
  const DENIED = '42501';
  const COLUMN = {
    audit_log: 'action',
    conversation_log: 'kind',
    decisions: 'reason',
    ledger_entries: 'kind',
    setting_versions: 'key',
  };

  it.each(APPEND_ONLY)('let the app neither drop, alter nor update %s', async (table) => {
    for (const sql of [
      `update ${table} set ${COLUMN[table]} = ${COLUMN[table]}`,
      `delete from ${table}`,
      `truncate ${table}`,
      `drop table ${table} cascade`,
      `alter table ${table} add column more text`,
      `alter table ${table} disable trigger all`,
      `alter table ${table} owner to ${role}`,
      `create trigger quiet before insert on ${table} for each row execute function refuse_change()`,
      `create rule quiet as on insert to ${table} do instead nothing`,
      `create index more on ${table} ((1))`,
      `merge into ${table} t using (select 1) s on true when matched then delete`,
      `select * from ${table} for update`,
    ])
      expect([sql, await tried(sql)]).toEqual([sql, DENIED]);
  });

  it('name every table that refuses changes by a trigger', async () => {
    const { rows } = await admin.query<{ name: string }>(
      `select distinct tgrelid::regclass::text as name from pg_trigger where tgfoid = 'refuse_change'::regproc`,
    );
    expect([...APPEND_ONLY]).toEqual(expect.arrayContaining(rows.map((it) => it.name)));
  });

  it('give everything to the owner, who is no superuser and cannot make roles', async () => {
    const { rows } = await admin.query(
      `select rolname as name, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication
       from pg_roles where rolname in ($1, $2) and rolcanlogin order by 1`,
      [role, owner],
    );
    const none = {
      rolsuper: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolbypassrls: false,
      rolreplication: false,
    };
    expect(rows).toEqual([
      { name: role, ...none },
      { name: owner, ...none },
    ]);
    const others = await admin.query(
      `select oid::regclass::text as it from pg_class
       where relnamespace in ('public'::regnamespace, 'graphile_worker'::regnamespace) and relowner <> $1::regrole
       union all select oid::regprocedure::text from pg_proc
       where pronamespace in ('public'::regnamespace, 'graphile_worker'::regnamespace) and proowner <> $1::regrole`,
      [owner],
    );
    expect(others.rows).toEqual([]);
  });

  it('let the app make, change and drop nothing', async () => {
    for (const sql of [
      'create table more (id int)',
      'create temporary table more (id int)',
      'create schema more',
      'create function more() returns int language sql return 1',
      'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return new; end $$',
      'create extension pg_trgm',
      'drop table comments',
      'alter table comments add column more text',
      'alter table graphile_worker._private_jobs disable row level security',
      'drop schema graphile_worker cascade',
      'drop function refuse_change() cascade',
      'create role more',
      `alter role ${role} superuser`,
      'set session_replication_role = replica',
      "insert into migrations (timestamp, name) values (1, 'more')",
      'delete from migrations',
      'delete from graphile_worker.migrations',
      "copy comments to program 'true'",
    ])
      expect([sql, await tried(sql)]).toEqual([sql, DENIED]);
  });

  it('let the app do all of its work, jobs included', async () => {
    const running = await TestApp.start({ database: { ...database, url } });
    try {
      const [ann, mod] = [await running.reader('Ann Reader'), await running.reader('Mo Derator', 'moderator')];
      const article = await running.article();
      const { id } = await ann.comment(article, 'Written by a role without DDL.');
      expect((await mod.put(`/comments/${id}/reactions/like`)).status).toBe(200);
      expect((await mod.post(`/comments/${id}/reports`, { reason: 'spam' })).status).toBe(201);
      const decision = { action: 'remove', reason: 'spam' };
      expect((await mod.post(`/moderation/comments/${id}/decisions`, decision)).status).toBe(201);
      expect((await running.anonymous().post('/sign-in-links', { email: 'ann@example.test' })).status).toBe(202);
      await until('the jobs to be taken', async () => {
        const [open] = await running.sql<{ n: number }>(
          'select count(*)::int as n from graphile_worker._private_jobs where attempts = 0 and run_at < now()',
        );
        return open!.n === 0;
      });
      const [log] = await running.sql<{ n: number }>(
        `select count(*)::int as n from audit_log where action = 'comment.remove'`,
      );
      expect(log!.n).toBe(1);
    } finally {
      await running.stop();
    }
  });

  it('get their rights on a table that comes later, and lose what they should not have', async () => {
    await admin.query(
      `set role ${owner}; create table later (id int); grant update on audit_log to ${role}; reset role`,
    );
    expect(await tried('select from later')).toBe(DENIED);
    await migrate(ownerUrl, url);
    expect(await tried('insert into later values (1)')).toBe('allowed');
    expect(await tried('update audit_log set action = action')).toBe(DENIED);
    await admin.query('drop table later');
  });

  it('refuse a start on a database that is out of date, and say how to migrate', async () => {
    const start = async (env: Record<string, string> = {}): Promise<void> => {
      const config = new Config(readEnvironment(env), url);
      await prepareDatabase(config, (await checkConnections(config)).direct.mayMigrate);
    };
    await start();
    const { rows } = await admin.query<{ timestamp: string; name: string }>(
      'delete from migrations where id = (select max(id) from migrations) returning timestamp, name',
    );
    await expect(start()).rejects.toThrow(
      /^DATABASE_URL \(.*lacks a migration \(\w+ .*MIGRATION_DATABASE_URL first\.$/,
    );
    await admin.query('insert into migrations (timestamp, name) values ($1, $2)', [rows[0]!.timestamp, rows[0]!.name]);
    await start({ MIGRATION_DATABASE_URL: ownerUrl });
  });

  it('are asked for by name when the migrator may not make the role of the app', async () => {
    const nobody = Object.assign(new URL(url), { username: 'nobody_yet', password: 'x' }).href;
    await expect(migrate(url, nobody)).rejects.toThrow(/\(.*permission denied|does not exist/);
  });
});
