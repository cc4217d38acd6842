import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AllowUnknownTimeZones1764000029000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // Some browsers name no time zone, or one that does not exist.
    await db.query(`alter table push_subscriptions alter column time_zone drop not null`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`update push_subscriptions set time_zone = 'UTC' where time_zone is null`);
    await db.query(`alter table push_subscriptions alter column time_zone set not null`);
  }
}
