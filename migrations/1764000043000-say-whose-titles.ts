import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Anonymous callers could title a page for good. A title is shown only if the publisher or the page itself gave it.
 * Articles with a key of the publisher's were put by the publisher.
 */
export class SayWhoseTitles1764000043000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table articles
        add column title_from text,
        add column page_state text not null default 'unread',
        add column page_read_at timestamptz,
        add constraint articles_title_from_known check (title_from in ('publisher', 'page')),
        add constraint articles_page_state_known check (page_state in ('unread', 'found', 'missing', 'unclear'))`);
    await db.query(`
      update articles set title_from = 'publisher', page_state = 'found' where not starts_with(key, 'u-')`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`alter table articles drop column title_from, drop column page_state, drop column page_read_at`);
  }
}
