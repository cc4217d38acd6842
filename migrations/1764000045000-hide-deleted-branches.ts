import type { MigrationInterface, QueryRunner } from 'typeorm';

// `ancestors` ends with the comment itself, so what is above a comment that is not deleted keeps its place.
const HIDDEN_CHILDREN = `
  select parent_id as id, count(*)::integer as n from comments
  where state = 'deleted' and parent_id is not null
    and id not in (select unnest(ancestors) from comments where state <> 'deleted')
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
