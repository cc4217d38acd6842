import { Injectable } from '@nestjs/common';
import { articleIdSql } from '../../articles/articles.service.js';
import type { Cursor } from '../../database/keyset.js';
import { type JsonStatement, Reads, type TaggedJson } from '../../database/rows.js';
import { titleSql } from '../../articles/article-title.js';
import { authorJson, below, commentJson, fromMicros, micros } from '../model/comment.sql.js';
import { isPublicSql, isShownSql } from '../model/visibility.js';

/**
 * The reads that every page makes. Each is one named statement in which Postgres builds the JSON from one snapshot, so
 * `position` is the seq of the state that is shown, and the number of statements does not grow with the thread.
 */
export const SORTS = ['newest', 'oldest', 'top', 'replies', 'reactions'] as const;
export type Sort = (typeof SORTS)[number];

/** The form of the sort key in a cursor of each order. */
export const CURSOR_KEYS: Record<Sort, RegExp> = {
  newest: /^\d{1,16}$/,
  oldest: /^\d{1,16}$/,
  top: /^\d{1,9}(\.\d{1,17})?$/,
  replies: /^\d{1,9}$/,
  reactions: /^\d{1,9}$/,
};

interface Order {
  column: string;
  direction: 'asc' | 'desc';
  /** SQL that turns a column into a cursor's key, and a cursor's key into a value of the column. */
  toKey: (column: string) => string;
  fromKey: (parameter: string) => string;
}

const byTime = { column: 'created_at', toKey: micros, fromKey: fromMicros };
const byCount = (column: string): Order => ({
  column,
  direction: 'desc',
  toKey: (it) => `${it}::text`,
  fromKey: (it) => `${it}::integer`,
});

const orders: Record<Sort, Order> = {
  newest: { ...byTime, direction: 'desc' },
  oldest: { ...byTime, direction: 'asc' },
  top: {
    column: 'rank',
    direction: 'desc',
    toKey: (it) => `${it}::text`,
    fromKey: (it) => `${it}::double precision`,
  },
  replies: byCount('reply_count'),
  reactions: byCount('score'),
};

const ROOT_PREVIEW = [3, 2];
const REPLY_PREVIEW = [2, 1];

/**
 * SQL of a page's version. The seq of the article changes with everything that a page shows, so the ETag needs no hash.
 */
const VERSION = `art.id || '.' || art.seq`;

const articleJson = `json_build_object('key', art.key, 'state', art.state, 'commentCount', art.comment_count)`;
const storyJson = `json_build_object('key', art.key, 'url', art.url, 'title', ${titleSql('art')}, 'state', art.state, 'commentCount', art.comment_count)`;

/** Selects the numbered rows of one page and one more: `$2` is the limit, `$3` and `$4` are the cursor. */
function pageOf(where: string, sort: Sort, withCursor: boolean): string {
  const { column, direction, fromKey } = orders[sort];
  const beyond = direction === 'asc' ? '>' : '<';
  const after = withCursor ? `and (${column}, id) ${beyond} (${fromKey('$3')}, $4::bigint)` : '';
  return `select p.*, row_number() over (order by p.${column} ${direction}, p.id ${direction}) as n from (
      select * from comments where ${where} and ${isShownSql('comments')} ${after}
      order by ${column} ${direction}, id ${direction} limit $2::integer + 1) p`;
}

const itemsOf = (preview: readonly number[]): string =>
  `coalesce((select json_agg(${commentJson('c', 'a', 'art.key', 'c_below.replies')} order by c.n)
     from page c join accounts a on a.id = c.author_id ${below('c', 'art.key', preview)} where c.n <= $2::integer), '[]')`;

const nextOf = (sort: Sort): string =>
  `(select '${sort}:' || ${orders[sort].toKey(`c.${orders[sort].column}`)} || ':' || c.id from page c
     where c.n = $2::integer and exists (select from page where n > $2::integer))`;

// The plan on 100,000 comments reads limit + 1 rows of the order's index and, for each root with children, at most 4
// rows of the children's index. No step reads the whole thread.
function rootsStatement(sort: Sort, withCursor: boolean): JsonStatement {
  const where = 'article_id = (select id from art) and parent_id is null';
  return {
    name: `roots-${sort}${withCursor ? '-next' : ''}`,
    text: `with art as (select * from articles where id = ${articleIdSql}),
      page as materialized (${pageOf(where, sort, withCursor)})
      select json_build_object('article', ${articleJson}, 'items', ${itemsOf(ROOT_PREVIEW)},
        'next', ${nextOf(sort)}, 'position', art.seq)::text, ${VERSION} from art`,
  };
}

function repliesStatement(sort: 'oldest' | 'newest', withCursor: boolean): JsonStatement {
  return {
    name: `replies-${sort}${withCursor ? '-next' : ''}`,
    text: `with parent as (select * from comments where id = $1 and ${isShownSql('comments')}),
      art as (select * from articles where id = (select article_id from parent)),
      page as materialized (${pageOf('parent_id = (select id from parent)', sort, withCursor)})
      select json_build_object('items', ${itemsOf(REPLY_PREVIEW)}, 'next', ${nextOf(sort)},
        'position', art.seq)::text, ${VERSION} from art`,
  };
}

const variants = <S extends Sort>(sorts: readonly S[], make: (sort: S, withCursor: boolean) => JsonStatement) =>
  Object.fromEntries(sorts.map((it) => [it, { first: make(it, false), next: make(it, true) }])) as Record<
    S,
    { first: JsonStatement; next: JsonStatement }
  >;
export const roots = variants(SORTS, rootsStatement);
const replies = variants(['oldest', 'newest'] as const, repliesStatement);

const oneStatement: JsonStatement = {
  name: 'comment',
  text: `select ${commentJson('c', 'a', 'art.key', 'c_below.replies')}::text, ${VERSION}
    from comments c join accounts a on a.id = c.author_id join articles art on art.id = c.article_id
      ${below('c', 'art.key', ROOT_PREVIEW)}
    where c.id = $1 and ${isShownSql('c')}`,
};

const ANCESTORS = 50;

// Reads the root and the nearest ancestors by primary key from the comment's own array. The cursors continue among its
// siblings in both directions of time.
const contextStatement: JsonStatement = {
  name: 'comment-context',
  text: `with it as (select * from comments where id = $1 and ${isShownSql('comments')}),
    art as (select * from articles where id = (select article_id from it)),
    place as (select ${micros('created_at')} || ':' || id as key from it)
    select json_build_object('article', ${storyJson},
      'ancestors', coalesce((select json_agg(${commentJson('c', 'a', 'art.key')} order by c.depth)
        from comments c join accounts a on a.id = c.author_id
        where c.id = any((select ancestors[1:1] || ancestors[greatest(2, depth - ${ANCESTORS}):] from it)::bigint[])
          and c.id <> $1), '[]'),
      'comment', (select ${commentJson('c', 'a', 'art.key', 'c_below.replies')}
        from it c join accounts a on a.id = c.author_id ${below('c', 'art.key', [10, 2])}),
      'previous', (select 'newest:' || key from place), 'next', (select 'oldest:' || key from place),
      'position', art.seq)::text, ${VERSION} from art`,
};

const EVENTS_AT_ONCE = 500;

// Reads the log by primary key and gives each comment, author and article once, in its present state, at its last
// position. It answers `reset` when the log never had the position. `offset 0` keeps each look-up one by primary key:
// the planner expects 500 rows where mostly one is read, and would otherwise read a table of middle size whole.
const eventsStatement: JsonStatement = {
  name: 'events',
  text: `with art as (select * from articles where id = ${articleIdSql}),
    log as materialized (
      select l.* from conversation_log l where l.article_id = (select id from art) and l.seq > $2::bigint
      order by l.seq limit ${EVENTS_AT_ONCE}),
    upto as (select coalesce(max(seq), $2::bigint) as seq from log),
    items as (
      select c.at as position, case when ${isShownSql('c')}
          then json_build_object('position', c.at, 'kind', 'comment', 'comment', ${commentJson('c', 'a', 'art.key')},
            'parent', p.parent)
          else json_build_object('position', c.at, 'kind', 'gone', 'id', c.id::text, 'parent', p.parent) end as item
      from (select comment_id, max(seq) as at from log where kind = 'comment' group by comment_id) m
        join lateral (select *, m.at as at from comments where id = m.comment_id offset 0) c on true
        join lateral (select * from accounts where id = c.author_id offset 0) a on true cross join art
        left join lateral (select json_build_object('id', id::text, 'replyCount', reply_count) as parent
          from comments where id = c.parent_id offset 0) p on true
      union all
      select m.at, json_build_object('position', m.at, 'kind', 'reactions', 'counts', m.counts) from (
        select max(d.at) as at, json_agg(json_build_object('id', c.id::text, 'reactions', c.reactions)) as counts
        from (select id, max(seq) as at from log, unnest(comment_ids) id where kind = 'reactions' group by id) d
          join lateral (select * from comments where id = d.id and ${isPublicSql('comments')} offset 0) c on true) m
        where m.at is not null
      union all
      select m.at, json_build_object('position', m.at, 'kind', 'author', 'author', ${authorJson('a')})
      from (select account_id, max(seq) as at from log where kind = 'author' group by account_id) m
        join lateral (select * from accounts where id = m.account_id offset 0) a on true
        cross join lateral (select from comments
          where article_id = (select id from art) and author_id = m.account_id and ${isPublicSql('comments')} limit 1) here
      union all
      select m.at, json_build_object('position', m.at, 'kind', 'article', 'article', ${articleJson})
      from (select max(seq) as at from log where kind = 'article') m cross join art where m.at is not null)
    select case when art.seq < $2::bigint then json_build_object('reset', true)
      else json_build_object('from', $2::bigint, 'to', upto.seq, 'commentCount', art.comment_count,
        'items', coalesce((select json_agg(item order by position) from items), '[]'),
        'more', upto.seq < art.seq) end::text, ${VERSION}
    from art cross join upto`,
};

/** Exported for the test of the query plans, beside `roots`. */
export const threadStatements = { replies, one: oneStatement, context: contextStatement, events: eventsStatement };

const positionStatement: JsonStatement = {
  name: 'position',
  text: `select json_build_object('id', id::text, 'key', key, 'seq', seq)::text from articles where id = ${articleIdSql}`,
};

const countsStatement: JsonStatement = {
  name: 'comment-counts',
  text: `select json_build_object('counts', coalesce(json_object_agg(asked.key, coalesce(art.comment_count, 0) order by asked.n), '{}'))::text
    from unnest($1::text[]) with ordinality as asked (key, n)
    left join articles art on art.id = coalesce((select id from articles where key = asked.key),
      (select article_id from article_aliases where key = asked.key))`,
};

@Injectable()
export class ThreadQueries {
  constructor(private readonly reads: Reads) {}

  /** Reads a page of an article's roots with their first replies. @returns undefined when there is no such article */
  roots(key: string, sort: Sort, limit: number, after?: Cursor): Promise<TaggedJson | undefined> {
    return after
      ? this.reads.tagged(roots[sort].next, [key, limit, after.key, after.id])
      : this.reads.tagged(roots[sort].first, [key, limit]);
  }

  /** Reads a page of a comment's direct replies. @returns undefined when there is no such comment */
  replies(id: string, sort: 'oldest' | 'newest', limit: number, after?: Cursor): Promise<TaggedJson | undefined> {
    return after
      ? this.reads.tagged(replies[sort].next, [id, limit, after.key, after.id])
      : this.reads.tagged(replies[sort].first, [id, limit]);
  }

  one(id: string): Promise<TaggedJson | undefined> {
    return this.reads.tagged(oneStatement, [id]);
  }

  /** Reads a comment with its ancestors, its first replies and its place among its siblings. */
  context(id: string): Promise<TaggedJson | undefined> {
    return this.reads.tagged(contextStatement, [id]);
  }

  /** Reads the changes after a position. @returns undefined when there is no such article */
  events(key: string, after: number): Promise<TaggedJson | undefined> {
    return this.reads.tagged(eventsStatement, [key, after]);
  }

  /** Reads the present position of an article's conversation. @returns undefined when there is no such article */
  async position(key: string): Promise<{ id: string; key: string; seq: number } | undefined> {
    const json = await this.reads.json(positionStatement, [key]);
    return json === undefined ? undefined : (JSON.parse(json) as { id: string; key: string; seq: number });
  }

  async counts(keys: string[]): Promise<string> {
    return (await this.reads.json(countsStatement, [keys]))!;
  }
}
