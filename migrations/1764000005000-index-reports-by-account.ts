import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IndexReportsByAccount1764000005000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // Deleting an account sets it to null in its reports: without this, by reading them all.
    await db.query(`create index reports_account on reports (account_id) where account_id is not null`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop index reports_account`);
  }
}
