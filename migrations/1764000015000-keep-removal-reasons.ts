import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A removed comment keeps its reason when its author deletes it, so that deleting hides no removal from moderators. */
export class KeepRemovalReasons1764000015000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table comments
        drop constraint comments_removal_reason,
        add constraint comments_removal_reason check (
          case state when 'removed' then removal_reason is not null when 'published' then removal_reason is null
            else true end) not valid`);
    await db.query(`alter table comments validate constraint comments_removal_reason`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`update comments set removal_reason = null where state = 'deleted'`);
    await db.query(`
      alter table comments
        drop constraint comments_removal_reason,
        add constraint comments_removal_reason check ((state = 'removed') = (removal_reason is not null))`);
  }
}
