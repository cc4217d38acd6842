import { Injectable } from '@nestjs/common';
import { titleSql } from '../../articles/article-title.js';
import { articleIdSql } from '../../articles/articles.service.js';
import { type JsonStatement, Reads } from '../../database/rows.js';
import { badgesJson, commentJson, timeJson } from '../model/comment.sql.js';
import { heldForAuthorSql, heldJson } from '../model/held.sql.js';
import { isPublicSql } from '../model/visibility.js';

const placeJson = `json_build_object('key', art.key, 'url', art.url, 'title', ${titleSql('art')})`;

/** Nobody sees a reader before there is something public of theirs. `a` is the alias of their accounts row. */
const wroteSql = (a: string): string =>
  `exists (select from comments where author_id = ${a}.id and ${isPublicSql('comments')})`;

const profileStatement: JsonStatement = {
  name: 'reader',
  text: `select json_build_object('id', a.public_id, 'displayName', a.display_name, 'badges', ${badgesJson('a')},
      'joinedAt', ${timeJson('a.created_at')},
      'commentCount', (select count(*) from comments where author_id = a.id and ${isPublicSql('comments')}))::text
    from accounts a where a.public_id = $1 and ${wroteSql('a')}`,
};

/** Builds a list by id, newest first: `$2` is the cursor's id, `$3` the limit. It reads one row more than the page. */
const listOf = (page: string, item: string): string => `with page as materialized (
      select p.*, row_number() over (order by id desc) as n from (${page} order by id desc limit $3::integer + 1) p)
    select json_build_object(
      'items', coalesce((select json_agg(${item} order by page.n)
        from page join comments c on c.id = page.id join accounts a on a.id = c.author_id
          join articles art on art.id = c.article_id
          left join comments p on p.id = c.parent_id left join accounts pa on pa.id = p.author_id
        where page.n <= $3::integer and art.page_state <> 'missing'), '[]'),
      'next', (select 'id:0:' || id from page
        where n = $3::integer and exists (select from page where n > $3::integer)))::text`;

const writtenStatement: JsonStatement = {
  name: 'reader-comments',
  text: `${listOf(
    `select id from comments where author_id = (select id from accounts where public_id = $1)
       and ${isPublicSql('comments')} and id < $2::bigint`,
    `json_build_object('comment', ${commentJson('c', 'a', 'art.key')}, 'article', ${placeJson})`,
  )} from accounts reader where public_id = $1 and ${wroteSql('reader')}`,
};

// For each followed reader it reads the newest rows of two indexes, as many as a page holds. No step reads more.
const feedStatement: JsonStatement = {
  name: 'following-feed',
  text: listOf(
    `select id, min(because) as because from (
       select w.* from follows f cross join lateral (
         select id, 'followed' as because from comments
         where author_id = f.followee_id and ${isPublicSql('comments')} and id < $2::bigint
         order by id desc limit $3::integer + 1) w where f.follower_id = $1
       union all
       select w.* from follows f cross join lateral (
         select r.id, 'reply' from comments r join comments answered on answered.id = r.parent_id
         where r.parent_author_id = f.followee_id and r.author_id <> $1 and ${isPublicSql('r')}
           and ${isPublicSql('answered')} and r.id < $2::bigint
         order by r.id desc limit $3::integer + 1) w where f.follower_id = $1) found group by id`,
    `json_build_object('comment', ${commentJson('c', 'a', 'art.key')}, 'article', ${placeJson},
       'parent', case when p.id is not null then ${commentJson('p', 'pa', 'art.key')} end, 'because', page.because)`,
  ),
};

/** The most log entries that one poll for feeds reads. */
const ENTRIES_AT_ONCE = 10_000;

// Reads the index of dated entries, newest first, and then each entry's comment by primary key. It uses `now()`,
// because an index is not searched for a value that changes within a statement, and `limit`, because the planner cannot
// know that hardly any entry is that new.
export const recentActivityStatement: JsonStatement = {
  name: 'recent-activity',
  text: `select coalesce(json_agg(json_build_object('entry', l.article_id || '.' || l.seq,
      'authors', array_remove(array[c.author_id::text, c.parent_author_id::text], null))), '[]')::text
    from (select article_id, seq, comment_id from conversation_log
        where kind = 'comment' and logged_at > now() - $1::bigint * interval '1 millisecond'
        order by logged_at desc limit ${ENTRIES_AT_ONCE}) l
      join lateral (select author_id, parent_author_id from comments where id = l.comment_id offset 0) c on true`,
};

const followingStatement: JsonStatement = {
  name: 'following',
  text: `with page as materialized (
      select f.followee_id as id from follows f where f.follower_id = $1 and f.followee_id < $2::bigint
      order by f.followee_id desc limit $3::integer + 1),
    shown as (select id from page order by id desc limit $3::integer)
    select json_build_object(
      'items', coalesce((select json_agg(json_build_object('id', a.public_id, 'displayName', a.display_name,
        'badges', ${badgesJson('a')}) order by a.id desc) from shown join accounts a using (id)), '[]'),
      'next', case when (select count(*) from page) > $3::integer then 'id:0:' || (select min(id) from shown) end)::text`,
};

// Reads own reactions by account and article, and for each followed reader at most one comment on this article. No step
// reads reactions or comments of other articles.
const mineStatement: JsonStatement = {
  name: 'mine',
  text: `with art as (select id, key from articles where id = ${articleIdSql})
    select json_build_object(
      'reactions', coalesce((select json_object_agg(id, kinds) from (
        select comment_id::text as id, json_agg(kind order by kind) as kinds from reactions
        where account_id = $2 and article_id = art.id group by comment_id) mine), '{}'),
      'following', coalesce((select json_agg(fa.public_id) from follows f join accounts fa on fa.id = f.followee_id
        cross join lateral (select from comments
          where article_id = art.id and author_id = f.followee_id and ${isPublicSql('comments')} limit 1) here
        where f.follower_id = $2), '[]'),
      'removals', coalesce((select json_object_agg(id::text, $5::jsonb -> removal_reason) from comments
        where article_id = art.id and author_id = $2 and state = 'removed' and $5::jsonb ? removal_reason), '{}'),
      'held', coalesce((select json_agg(${heldJson('h', 'art.key')} order by h.id) from held_comments h
        where h.author_id = $2 and h.article_id = art.id and ${heldForAuthorSql('h')}), '[]'),
      'editWindowSeconds', $3::integer, 'mostCharacters', $4::integer)::text from art`,
};

/** Exported for the test of the query plans, beside `recentActivityStatement`. */
export const readerStatements = { mine: mineStatement, written: writtenStatement, feed: feedStatement };

/** The cursor of a first page, above every id. */
const FIRST = '9223372036854775807';

/** Reads profiles, a reader's comments, and the viewer's follows, feed and reactions. */
@Injectable()
export class ReaderQueries {
  constructor(private readonly reads: Reads) {}

  /** @returns undefined when there is no such reader, or nothing public of theirs */
  profile(id: string): Promise<string | undefined> {
    return this.reads.json(profileStatement, [id]);
  }

  written(id: string, limit: number, after = FIRST): Promise<string | undefined> {
    return this.reads.json(writtenStatement, [id, after, limit]);
  }

  async feed(accountId: string, limit: number, after = FIRST): Promise<string> {
    return (await this.reads.json(feedStatement, [accountId, after, limit]))!;
  }

  /**
   * Reads the entries of all logs of the last `ms` milliseconds (by the database's clock), with the authors concerned.
   */
  async recentActivity(ms: number): Promise<{ entry: string; authors: string[] }[]> {
    return JSON.parse((await this.reads.json(recentActivityStatement, [ms]))!) as {
      entry: string;
      authors: string[];
    }[];
  }

  async following(accountId: string, limit: number, after = FIRST): Promise<string> {
    return (await this.reads.json(followingStatement, [accountId, after, limit]))!;
  }

  /** @returns undefined when there is no such article */
  mine(
    key: string,
    accountId: string,
    rules: { editWindowSeconds: number; mostCharacters: number; explanations: Record<string, string> },
  ): Promise<string | undefined> {
    return this.reads.json(mineStatement, [
      key,
      accountId,
      rules.editWindowSeconds,
      rules.mostCharacters,
      JSON.stringify(rules.explanations),
    ]);
  }
}
