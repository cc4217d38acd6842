import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Gives the comments that were removed before the words that readers saw, and finds an author's removed ones. */
export class LabelRemovals1764000052001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`alter table decisions validate constraint decisions_reason_length`);
    await db.query(`alter table reports validate constraint reports_reason_length`);
    await db.query(`
      update comments set removal_label = case removal_reason
        when 'abuse' then 'Personal attack or abuse'
        when 'spam' then 'Spam or advertising'
        else 'Off topic' end
      where removal_reason in ('abuse', 'spam', 'off-topic') and removal_label is null`);
    await db.query(`create index comments_removed on comments (article_id, author_id) where state = 'removed'`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop index comments_removed`);
  }
}
