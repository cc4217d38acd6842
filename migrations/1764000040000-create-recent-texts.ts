import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateRecentTexts1764000040000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table recent_texts (
        id bigint generated always as identity primary key,
        account_id bigint not null references accounts (id) on delete cascade,
        article_id bigint not null references articles (id) on delete cascade,
        signature integer[] not null,
        bands integer[] not null,
        created_at timestamptz not null
      )`);
    // Each text is searched for at once, so entries that wait in a list would be read one by one.
    await db.query(`create index recent_texts_bands on recent_texts using gin (bands) with (fastupdate = off)`);
    await db.query(`create index recent_texts_created on recent_texts (created_at)`);
    await db.query(`create index recent_texts_account on recent_texts (account_id)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table recent_texts`);
  }
}
