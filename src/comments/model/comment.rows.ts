import { lockArticle, type LockedArticle } from '../../articles/conversation-log.js';
import { isId } from '../../database/keyset.js';
import { row, rows, type Tx } from '../../database/rows.js';
import { notFound } from '../../errors/domain-error.js';
import { commentJson } from './comment.sql.js';
import { type CommentState, isShownSql } from './visibility.js';

// lockComments and commentViews are on the posting path. Their texts are constant, because the `sql` tag would build
// them anew at each call.

/** A comment as services read it under its row lock. */
export interface LockedComment {
  id: string;
  articleId: string;
  parentId: string | null;
  rootId: string;
  depth: number;
  ancestors: string[];
  authorId: string;
  parentAuthorId: string | null;
  body: string;
  revision: number;
  state: CommentState;
  /** Set while a removal stands, also of a comment that its author deleted afterwards. */
  removalReason: string | null;
  createdAt: Date;
  editedAt: Date | null;
}

const COLUMNS = `id, article_id as "articleId", parent_id as "parentId", root_id as "rootId", depth, ancestors,
  author_id as "authorId", parent_author_id as "parentAuthorId", body, revision, state,
  removal_reason as "removalReason", created_at as "createdAt", edited_at as "editedAt"`;

/**
 * Locks comments by ascending id. Call it after locking their article, because everything locks in this order. The
 * rows' keys stay free, so that a like or a report, which only refers to a comment, does not wait.
 */
export async function lockComments(tx: Tx, ids: string[]): Promise<Map<string, LockedComment>> {
  const found = await rows<LockedComment>(
    tx,
    `select ${COLUMNS} from comments where id = any($1::bigint[]) order by id for no key update`,
    [ids],
  );
  return new Map(found.map((it) => [it.id, it]));
}

/**
 * Locks a comment, its parent or all its ancestors, and, before them, its article.
 * @throws DomainError comment.not_found, also for a malformed id
 */
export async function lockCommentInArticle(
  tx: Tx,
  id: string,
  above: 'parent' | 'ancestors' = 'parent',
): Promise<{ article: LockedArticle; comment: LockedComment }> {
  const place = isId(id)
    ? await row<{ articleId: string; ancestors: string[] }>(
        tx.sql`select article_id as "articleId", ancestors from comments where id = ${id}`,
      )
    : undefined;
  if (!place) throw notFound('comment');
  const article = await lockArticle(tx, place.articleId);
  // The comment is the last of its own `ancestors`.
  const locked = await lockComments(tx, above === 'parent' ? place.ancestors.slice(-2) : place.ancestors);
  return { article, comment: locked.get(id)! };
}

/**
 * Takes a comment that was just deleted out of its thread if it holds no child together, and with it each deleted ancestor
 * that has no other child left. All of them must be locked.
 * @returns the ancestors that left
 */
export async function leaveThread(
  tx: Tx,
  { id, parentId }: Pick<LockedComment, 'id' | 'parentId'>,
): Promise<{ id: string; revision: number }[]> {
  const left: { id: string; revision: number }[] = [];
  const children = await row<{ n: number }>(tx.sql`select child_count as n from comments where id = ${id}`);
  let next = children?.n ? null : parentId;
  while (next) {
    const above: { id: string; revision: number; parentId: string | null; isShown: boolean } = (await row(tx.sql`
      update comments set child_count = child_count - 1 where id = ${next}
      returning id, revision, parent_id as "parentId", ${() => isShownSql('comments')} as "isShown"`))!;
    if (above.isShown) break;
    left.push({ id: above.id, revision: above.revision });
    next = above.parentId;
  }
  return left;
}

/** Changes the parent's count of published replies. */
export async function moveReplyCount(tx: Tx, parentId: string | null, delta: 1 | -1): Promise<void> {
  if (parentId) await tx.sql`update comments set reply_count = reply_count + ${delta}::integer where id = ${parentId}`;
}

/** Reads comments as the API shows them, after the writes of this transaction. @returns JSON text by id */
export async function commentViews(tx: Tx, ids: string[]): Promise<Map<string, string>> {
  const found = await rows<{ id: string; view: string }>(
    tx,
    `select c.id, (${commentJson('c', 'a', 'art.key')})::text as view from comments c
     join accounts a on a.id = c.author_id join articles art on art.id = c.article_id where c.id = any($1::bigint[])`,
    [ids],
  );
  return new Map(found.map((it) => [it.id, it.view]));
}
