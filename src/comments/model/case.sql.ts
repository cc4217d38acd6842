import { titleSql } from '../../articles/article-title.js';
import { authorJson, badgesJson, commentJson, timeJson } from './comment.sql.js';
import { isPublicSql, isShownSql } from './visibility.js';

/**
 * SQL fragments for moderation: the desk sees a comment's text even when the page no longer shows it.
 * Aliases: `c` is the comment, `a` its author, `art` its article.
 */
export const deskCommentJson = `(${commentJson('c', 'a', 'art.key')})::jsonb || jsonb_build_object(
  'author', ${authorJson('a')}, 'body', c.body, 'revision', c.revision)`;

/** @param where SQL that selects the rows `up` above a comment */
const aboveJson = (where: string): string => `coalesce((
  select json_agg(${commentJson('up', 'ua', 'art.key')} order by up.depth)
  from comments up join accounts ua on ua.id = up.author_id
  where ${where} and ${isShownSql('up')}), '[]')`;

export const deskAncestorsJson = aboveJson('up.id = any(c.ancestors) and up.id <> c.id');

/** The comments above a text that would answer the comment `p`. */
export const deskAnsweredJson = aboveJson('up.id = any(p.ancestors)');

export const deskAuthorJson = `json_build_object('id', a.public_id, 'displayName', a.display_name, 'badges', ${badgesJson('a')},
  'joinedAt', ${timeJson('a.created_at')}, 'bannedAt', ${timeJson('a.banned_at')},
  'commentCount', (select count(*) from comments w where w.author_id = a.id and ${isPublicSql('w')}),
  'removedCount', (select count(*) from comments w where w.author_id = a.id and w.removal_reason is not null))`;

export const deskStoryJson = `json_build_object('key', art.key, 'url', art.url, 'title', ${titleSql('art')})`;
