/**
 * Decides who may read a comment. This file is the only one in `src` that spells the public state: queries and services ask
 * here, so that a further state is added in one place.
 */
export const PUBLISHED = 'published';
export const COMMENT_STATES = [PUBLISHED, 'removed', 'deleted'] as const;
export type CommentState = (typeof COMMENT_STATES)[number];

/** Whether everybody may read the comment's text. */
export const isPublic = (comment: { state: CommentState }): boolean => comment.state === PUBLISHED;

/**
 * `isPublic` in SQL. The indexes of public comments carry the same condition, so keep its form.
 * @param c the alias of a comments row
 */
export const isPublicSql = (c: string): string => `${c}.state = '${PUBLISHED}'`;

/**
 * Whether an account may read the comment's text, and therefore answer it and react to it. Every account sees the same
 * today; callers pass the viewer so that a state which only some may see changes this function alone.
 */
export const isVisibleTo = (_viewer: { accountId: string }, comment: { state: CommentState }): boolean =>
  isPublic(comment);

/**
 * Whether the comment has a place in its thread, as text or as a tombstone: all but a deleted one that holds no replies
 * together. `child_count` counts the children that have a place.
 * @param c the alias of a comments row
 */
export const isShownSql = (c: string): string => `(${c}.state <> 'deleted' or ${c}.child_count > 0)`;
