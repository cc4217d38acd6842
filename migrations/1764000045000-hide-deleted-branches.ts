import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `ancestors` ends with the comment itself, so what is above a comment that is not deleted keeps its place. It is a join,
 * because Postgres would walk through a list for `not in` once for each deleted comment. Exported for its test.
 */
export const HIDDEN_CHILDREN = `
  select parent_id as id, count(*)::integer as n from comments
  where state = 'deleted' and parent_id is not null
    and not exists (
      select from (select unnest(ancestors) as id from comments where state <> 'deleted') placed
      where placed.id = comments.id)
  group by parent_id`;

/** From now on child_count counts the children that have a place in the thread: a deleted one needs something below it. */
export class HideDeletedBranches1764000045000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      update comments c set child_count = child_count - hidden.n from (${HIDDEN_CHILDREN}) hidden where c.id = hidden.id`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      update comments c set child_count = child_count + hidden.n from (${HIDDEN_CHILDREN}) hidden where c.id = hidden.id`);
  }
}
