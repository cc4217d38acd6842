import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The purge jobs have new names, so a run that waits under an old name would wait for ever. */
export class CompleteRenamedPurges1764000014000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // The job library creates its schema after these migrations, so a new database has no jobs yet.
    const [queue] = (await db.query(`select from pg_namespace where nspname = 'graphile_worker'`)) as unknown[];
    if (!queue) return;
    // A run of the new name removes the same rows, so nothing is lost. Runs that an old worker holds are left to it.
    await db.query(`
      select graphile_worker.complete_jobs(array(
        select id from graphile_worker.jobs where task_identifier in (
          'blank-deleted-comments', 'sweep-push-subscriptions', 'sweep-reports', 'sweep-request-guards',
          'sweep-sign-ins', 'sweep-told-replies')))`);
  }

  async down(): Promise<void> {
    // The schedule enqueues the next runs.
  }
}
