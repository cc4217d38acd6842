import { timeJson } from './comment.sql.js';

/** An author reads about a rejected text for so many days. */
const REJECTED_DAYS = 7;

/**
 * Builds the author's own view of a held comment. Nobody else gets it.
 * @param h the alias of the held_comments row
 * @param key SQL of the article's key
 */
export const heldJson = (h: string, key: string): string =>
  `json_build_object('id', ${h}.id::text, 'articleKey', ${key}, 'parentId', ${h}.parent_id::text, 'body', ${h}.body,
    'createdAt', ${timeJson(`${h}.created_at`)}, 'state', ${h}.state, 'reason', ${h}.reason)`;

/** Selects what its author still sees: what waits, and what was rejected lately. @param h the alias of the row */
export const heldForAuthorSql = (h: string): string =>
  `(${h}.state = 'held' or ${h}.state = 'rejected' and ${h}.decided_at > now() - interval '${REJECTED_DAYS} days')`;
