import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Settings that the newsroom changes, as append-only versions, and the sites that may have their own. */
export class CreateSettings1764000050000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table sites (
        key text primary key constraint sites_key_form check (key ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
        created_at timestamptz not null
      )`);
    await db.query(`
      create table setting_versions (
        id bigint generated always as identity primary key,
        key text not null,
        site_key text references sites (key),
        value jsonb,
        account_id bigint references accounts (id),
        reason text not null,
        created_at timestamptz not null
      )`);
    await db.query(`create index setting_versions_key on setting_versions (key, site_key, id)`);
    await db.query(`
      create trigger setting_versions_append_only before update or delete or truncate on setting_versions
      for each statement execute function refuse_change()`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table setting_versions`);
    await db.query(`drop table sites`);
  }
}
