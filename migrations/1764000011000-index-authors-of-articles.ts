import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IndexAuthorsOfArticles1764000011000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // Whether somebody wrote on a page: without it, by reading all they ever wrote.
    await db.query(`create index comments_authors on comments (article_id, author_id) where state = 'published'`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop index comments_authors`);
  }
}
