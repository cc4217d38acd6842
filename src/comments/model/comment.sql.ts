import { isPublicSql, isShownSql } from './visibility.js';

/** SQL fragments that build comments as JSON, in one shape wherever a comment is shown. */

export const timeJson = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** @param a the alias of an accounts row */
export const badgesJson = (a: string): string =>
  `to_json(array_remove(array[case when ${a}.role <> 'reader' then 'staff' end, case when ${a}.supporter then 'supporter' end], null))`;

export const authorJson = (a: string): string =>
  `json_build_object('id', ${a}.public_id, 'displayName', ${a}.display_name, 'badges', ${badgesJson(a)})`;

/**
 * Builds a comment. Tombstones carry no body and no author.
 * @param c the alias of the comments row
 * @param a the alias of its author's accounts row
 * @param key SQL of the article's key
 * @param replies SQL of its `replies`; without it the comment has none
 */
export function commentJson(c: string, a: string, key: string, replies?: string): string {
  const place = `'id', ${c}.id::text, 'articleKey', ${key}, 'parentId', ${c}.parent_id::text, 'depth', ${c}.depth`;
  const rest = `'state', ${c}.state, 'replyCount', ${c}.reply_count${replies ? `, 'replies', ${replies}` : ''}`;
  const tombstone = `${place}, 'author', null, 'body', null, 'createdAt', ${timeJson(`${c}.created_at`)},
    'editedAt', null, 'reactions', '{}'::json, ${rest}`;
  return `case
    when ${isPublicSql(c)} then json_build_object(${place}, 'author', ${authorJson(a)}, 'body', ${c}.body,
      'createdAt', ${timeJson(`${c}.created_at`)}, 'editedAt', ${timeJson(`${c}.edited_at`)},
      'reactions', ${c}.reactions, ${rest})
    when ${c}.state = 'removed' then json_build_object(${tombstone}, 'removal', json_build_object('reason', ${c}.removal_reason, 'label', ${c}.removal_label))
    else json_build_object(${tombstone}) end`;
}

/** A timestamp as microseconds since 1970, which a cursor can carry without loss. */
export const micros = (column: string): string => `(extract(epoch from ${column}) * 1000000)::bigint`;
export const fromMicros = (parameter: string): string =>
  `timestamptz 'epoch' + ${parameter}::bigint * interval '1 microsecond'`;

/** The `replies` of a comment where the preview ends: no items, and the cursor of the first reply if there is one. */
const unreadJson = (parent: string): string => `case
  when ${parent}.reply_count > 0 or (${parent}.child_count > 0 and exists (
    select from comments where parent_id = ${parent}.id and ${isShownSql('comments')}))
  then '{"items":[],"next":"oldest:0:1"}'::json else '{"items":[],"next":null}'::json end`;

/**
 * Builds the first replies of a comment, oldest first, each with its own first replies. `replyCount` does not count
 * tombstones, which may hold replies, so the cursor says whether there is more to read where the preview ends.
 * @param parent the alias of the parent row
 * @param preview the number of replies on each level: [3, 2] is three replies with two replies each
 */
function repliesJson(parent: string, key: string, preview: readonly number[]): string {
  const [take, ...deeper] = preview;
  if (take === undefined) return unreadJson(parent);
  const c = `c${preview.length}`;
  return `case when ${parent}.child_count = 0 then '{"items":[],"next":null}'::json else (
    select json_build_object(
      'items', coalesce(json_agg(x.item order by x.n) filter (where x.n <= ${take}), '[]'),
      'next', max(x.cursor) filter (where x.n = ${take} and x.followed))
    from (
      select ${c}.n, ${c}.followed, 'oldest:' || ${micros(`${c}.created_at`)} || ':' || ${c}.id as cursor,
        case when ${c}.n <= ${take} then ${commentJson(c, 'a', key, `${c}_below.replies`)} end as item
      from (
        select r.*, row_number() over w as n, lead(r.id) over w is not null as followed
        from (
          select * from comments where parent_id = ${parent}.id and ${isShownSql('comments')}
          order by created_at, id limit ${take + 1}
        ) r window w as (order by r.created_at, r.id)
      ) ${c} join accounts a on a.id = ${c}.author_id ${below(c, key, deeper, `${c}.n <= ${take}`)}
    ) x) end`;
}

/**
 * Joins the `repliesJson` of `c` as `<c>_below.replies`. `offset 0` keeps it a step of its own: the planner would copy
 * it into each arm of `commentJson`'s CASE, 27 times on three levels (measured: 15 ms of planning for each page).
 */
export const below = (c: string, key: string, preview: readonly number[], where = 'true'): string =>
  `cross join lateral (
    select case when ${where} then ${repliesJson(c, key, preview)} end as replies offset 0) ${c}_below`;

/** The key of the order 'top' is hours since 1970 / 6 + log2(1 + likes). Twice the likes weigh as much as six hours. */
export const rankSql = (createdAt: string, likes: string): string =>
  `extract(epoch from ${createdAt})::double precision / 21600 + log(2, (1 + ${likes})::numeric)::double precision`;
