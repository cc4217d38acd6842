import type { MigrationInterface, QueryRunner } from 'typeorm';

export class DateTheLog1764000010000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // When an entry was written, for those who look at what is new in all conversations; earlier ones have no date. In
    // two steps, or every row of the log would be rewritten.
    await db.query(`alter table conversation_log add column logged_at timestamptz`);
    await db.query(`alter table conversation_log alter column logged_at set default clock_timestamp()`);
    await db.query(`create index conversation_log_comments_by_time on conversation_log (logged_at)
      where kind = 'comment' and logged_at is not null`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`alter table conversation_log drop column logged_at`);
  }
}
