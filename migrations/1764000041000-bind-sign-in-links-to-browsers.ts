import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Wrong codes count for each link: those of the browser that asked for it, and those of all others. */
export class BindSignInLinksToBrowsers1764000041000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table sign_in_links
        add column browser_hash bytea,
        add column stranger_tries smallint not null default 0`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`alter table sign_in_links drop column browser_hash, drop column stranger_tries`);
  }
}
