import { DomainError } from '../errors/domain-error.js';
import { row, type Tx } from '../database/rows.js';

/**
 * The conversation log counts the changes of an article by a number without gaps, its `seq`, which rises under the
 * article's row lock together with the counts. Every change that readers must see is appended here; sockets, `/events`,
 * ETags and caches use this number. Lock the article first, then comments by ascending id.
 */
export interface LockedArticle {
  id: string;
  key: string;
  state: 'open' | 'closed';
}

type LogEntry =
  | { kind: 'comment'; commentId: string; revision: number }
  | { kind: 'reactions'; commentIds: string[] }
  | { kind: 'author'; accountId: string }
  | { kind: 'article' };

// Both functions are on the posting path. Their texts are constant, because the `sql` tag would build them anew at each
// call.

/**
 * Takes the article's row lock. Call it as late as possible, right before the writes that belong to it.
 * @throws DomainError article.moved (503) when it was joined with another article meanwhile
 */
export async function lockArticle(tx: Tx, articleId: string): Promise<LockedArticle> {
  const locked = await row<LockedArticle>(tx, 'select id, key, state from articles where id = $1 for no key update', [
    articleId,
  ]);
  // The operator has just joined it with another one, under whose id the caller finds it from now on.
  if (!locked)
    throw new DomainError('article.moved', 'unavailable', {
      detail: 'This conversation is being moved. Please try again in a moment.',
      retryAfter: 1,
    });
  return locked;
}

/**
 * Appends entries and changes the count of published comments by `countDelta`, in one statement.
 * @returns the position of the last entry
 */
export async function appendToLog(tx: Tx, articleId: string, entries: LogEntry[], countDelta: number): Promise<string> {
  const appended = await row<{ seq: string }>(
    tx,
    `with moved as (
       update articles set seq = seq + cardinality($2::text[]), comment_count = comment_count + $7
       where id = $1 returning seq),
     logged as (
       insert into conversation_log (article_id, seq, kind, comment_id, revision, comment_ids, account_id)
       select $1, moved.seq - cardinality($2::text[]) + it.n, it.kind, it.comment_id, it.revision,
         it.comment_ids::bigint[], it.account_id
       from moved, unnest($2::text[], $3::bigint[], $4::integer[], $5::text[], $6::bigint[])
         with ordinality as it (kind, comment_id, revision, comment_ids, account_id, n))
     select seq from moved`,
    [
      articleId,
      entries.map((it) => it.kind),
      entries.map((it) => (it.kind === 'comment' ? it.commentId : null)),
      entries.map((it) => (it.kind === 'comment' ? it.revision : null)),
      entries.map((it) => (it.kind === 'reactions' ? `{${it.commentIds.join(',')}}` : null)),
      entries.map((it) => (it.kind === 'author' ? it.accountId : null)),
      countDelta,
    ],
  );
  return appended!.seq;
}
