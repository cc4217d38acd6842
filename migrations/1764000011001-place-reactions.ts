import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PlaceReactions1764000011001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // What a reader likes on one page, among all they ever liked. A comment never moves to another article.
    await db.query(`alter table reactions add column article_id bigint`);
    await db.query(`update reactions r set article_id = c.article_id from comments c where c.id = r.comment_id`);
    await db.query(`alter table reactions alter column article_id set not null`);
    await db.query(`create index reactions_account_article on reactions (account_id, article_id)`);
    await db.query(`drop index reactions_account`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`create index reactions_account on reactions (account_id)`);
    await db.query(`alter table reactions drop column article_id`);
  }
}
