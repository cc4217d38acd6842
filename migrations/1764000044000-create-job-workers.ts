import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateJobWorkers1764000044000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // Each job pool of a worker renews its row every second.
    await db.query(`
      create table job_workers (
        pool_id text primary key,
        host text not null,
        seen_at timestamptz not null
      ) with (fillfactor = 50)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table job_workers');
  }
}
