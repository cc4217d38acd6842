import { appendToLog } from '../../articles/conversation-log.js';
import { rows, type Tx } from '../../database/rows.js';
import { rankSql } from '../model/comment.sql.js';
import type { LockedComment } from '../model/comment.rows.js';

export interface NewComment {
  authorId: string;
  body: string;
  at: Date;
  parent?: LockedComment | undefined;
}

// The text is constant, because the `sql` tag would build it anew at each call, and posting is the busiest path.
const INSERT = `with given as (
    select nextval(pg_get_serial_sequence('comments', 'id')) as id, it.*
    from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::integer[], $6::text[], $7::bigint[], $8::text[], $9::timestamptz[])
      with ordinality as it (author_id, parent_id, root_id, depth, ancestors, parent_author_id, body, created_at, n)
    order by n),
  made as (
    insert into comments (id, article_id, parent_id, root_id, depth, ancestors, author_id, parent_author_id, body,
      created_at, rank)
    overriding system value
    select id, $1, parent_id, coalesce(root_id, id), depth, ancestors::bigint[] || id, author_id,
      parent_author_id, body, created_at, ${rankSql('created_at', '0')} from given),
  parents as (
    update comments c set reply_count = reply_count + g.n, child_count = child_count + g.n
    from (select parent_id, count(*)::integer as n from given group by parent_id) g where c.id = g.parent_id)
  select id from given order by n`;

/**
 * Writes new comments of one article with their entries in the conversation log. The article and the parents must be
 * locked.
 * @returns the ids, in the order of the comments
 */
export async function insertComments(tx: Tx, articleId: string, comments: readonly NewComment[]): Promise<string[]> {
  const made = await rows<{ id: string }>(tx, INSERT, [
    articleId,
    comments.map((it) => it.authorId),
    comments.map(({ parent }) => parent?.id ?? null),
    comments.map(({ parent }) => parent?.rootId ?? null),
    comments.map(({ parent }) => (parent ? parent.depth + 1 : 0)),
    comments.map(({ parent }) => `{${parent?.ancestors.join(',') ?? ''}}`),
    comments.map(({ parent }) => parent?.authorId ?? null),
    comments.map((it) => it.body),
    comments.map((it) => it.at),
  ]);
  const ids = made.map((it) => it.id);
  const entries = ids.map((commentId) => ({ kind: 'comment', commentId, revision: 1 }) as const);
  await appendToLog(tx, articleId, entries, ids.length);
  return ids;
}
