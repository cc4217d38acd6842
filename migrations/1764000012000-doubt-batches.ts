import type { MigrationInterface, QueryRunner } from 'typeorm';

export class DoubtBatches1764000012000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // Which try it is said so until now; a verdict at a later try than the first was believed unheard.
    await db.query(`alter table alert_batches add column doubted boolean not null default false`);
    await db.query(`update alert_batches set doubted = attempt > 1`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`alter table alert_batches drop column doubted`);
  }
}
