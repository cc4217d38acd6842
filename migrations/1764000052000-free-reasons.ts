import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reasons are a setting, so the tables no longer list them. A removed comment keeps the words that readers see. */
export class FreeReasons1764000052000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const table of ['decisions', 'reports'])
      await db.query(`
        alter table ${table}
          drop constraint ${table}_reason_known,
          add constraint ${table}_reason_length check (length(reason) between 1 and 40) not valid`);
    await db.query(`alter table comments add column removal_label text`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`alter table comments drop column removal_label`);
    for (const table of ['reports', 'decisions'])
      await db.query(`
        alter table ${table}
          drop constraint ${table}_reason_length,
          add constraint ${table}_reason_known check (reason in ('abuse', 'spam', 'off-topic', 'other')) not valid`);
  }
}
