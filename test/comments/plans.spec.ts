import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { CHANGED_LATELY } from '../../src/accounts/sessions/sessions.service.js';
import { readerStatements, recentActivityStatement } from '../../src/comments/readers/reader.queries.js';
import { roots, SORTS, threadStatements } from '../../src/comments/thread/thread.queries.js';
import { statisticsStatement } from '../../src/moderation/statistics.queries.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { seedThread } from '../support/thread-seed.js';

interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Node[];
}

/** Checks which rows, buffers and indexes each read of a long thread touches. It measures no time. */
describe('query plans', () => {
  const KEY = 'long';
  let database: TestDatabase;
  let client: pg.Client;
  let hot: string;
  let deep: string;
  /** A reader who follows twenty authors here and a busy one elsewhere, and likes many comments elsewhere. */
  let me: string;
  let busy: string;

  beforeAll(async () => {
    database = await cloneDatabase();
    // The connection uses one plan for all values, as in the product.
    client = new pg.Client({ connectionString: database.url, options: '-c plan_cache_mode=force_generic_plan' });
    await client.connect();
    await client.query(
      `insert into articles (key, url, title)
       select case n when 1 then $1 else 'other-' || n end, 'https://news.example/' || n, '' from generate_series(1, 1000) n`,
      [KEY],
    );
    const { rows } = await client.query<{ id: string }>(
      `insert into accounts (email, display_name, name_skeleton, role, created_at)
       select n || '@example.test', 'Reader ' || n, 'reader' || n, 'reader', now() from generate_series(1, 5000) n
       returning id`,
    );
    await client.query(
      `insert into sessions (token_hash, account_id, created_at, seen_at, expires_at, changed_at)
       select sha256(id::text::bytea), id, now(), now(), now(), now() - interval '1 day' from accounts`,
    );
    await client.query(`update accounts set changed_at = now() - interval '1 day'`);
    await client.query('vacuum analyze accounts, sessions');
    [me, busy] = rows.splice(0, 2).map((it) => it.id) as [string, string];
    await seedThread(database.url, { articleKey: 'other-2', authorIds: [busy], roots: 6_000 });
    await client.query(
      `insert into reactions (comment_id, account_id, kind, article_id) select id, $1, 'like', article_id from comments`,
      [me],
    );
    await client.query(`insert into follows (follower_id, followee_id) select $1, unnest($2::bigint[])`, [
      me,
      [busy, ...rows.slice(0, 20).map((it) => it.id)],
    ]);
    const seeded = await seedThread(database.url, {
      articleKey: KEY,
      authorIds: rows.map((it) => it.id),
      roots: 8_000,
      hot: 2,
      hotReplies: 4_000,
      levels: [8_000, 3_000],
      createdAt: `now() - n * interval '1 second'`,
    });
    hot = seeded.hot[0]!;
    const found = await client.query<{ id: string }>('select id from comments where depth = 2 limit 1');
    deep = found.rows[0]!.id;
    // The followed readers take new names, of which one appears here, and the reader likes a comment here.
    await client.query(
      `with moved as (update articles set seq = seq + 2 where key = $1 returning id, seq)
       insert into conversation_log (article_id, seq, kind, account_id)
       select id, seq - 1 + n, 'author', ($2::bigint[])[n + 1] from moved, generate_series(0, 1) n`,
      [KEY, [busy, rows[0]!.id]],
    );
    await client.query(
      `insert into reactions (comment_id, account_id, kind, article_id)
       select id, case id when $2 then $1 else author_id end, 'like', article_id from comments where author_id <> $3`,
      [me, deep, busy],
    );
    await client.query(
      `insert into follows (follower_id, followee_id) select a.id, $1 from accounts a where a.id > $1`,
      [busy],
    );
    await client.query('vacuum analyze reactions, follows');
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const explain = async (text: string, values: unknown[]): Promise<{ nodes: Node[]; buffers: number }> => {
    await client.query('deallocate all');
    await client.query(`prepare it as ${text}`);
    const literals = values.map((it) => (typeof it === 'number' ? String(it) : pg.escapeLiteral(String(it))));
    const { rows } = await client.query<{
      'QUERY PLAN': [{ Plan: Node & { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }];
    }>(`explain (analyze, buffers, format json) execute it ${literals.length ? `(${literals.join(', ')})` : ''}`);
    const { Plan: top } = rows[0]!['QUERY PLAN'][0];
    const nodes: Node[] = [];
    const visit = (node: Node): void => {
      nodes.push(node);
      node.Plans?.forEach(visit);
    };
    visit(top);
    return { nodes, buffers: top['Shared Hit Blocks'] + top['Shared Read Blocks'] };
  };

  const later = '9999999999999999';
  const lists = SORTS.flatMap((sort) => {
    const index = { newest: 'time', oldest: 'time', top: 'rank', replies: 'replies', reactions: 'score' }[sort];
    const from = { newest: later, oldest: '0', top: '999999', replies: '999999', reactions: '999999' }[sort];
    return [
      {
        name: `${sort}, first page`,
        statement: roots[sort].first,
        values: [KEY, 20],
        index: `comments_roots_by_${index}`,
      },
      {
        name: `${sort}, next page`,
        statement: roots[sort].next,
        values: [KEY, 20, from, sort === 'oldest' ? 1 : later],
        index: `comments_roots_by_${index}`,
      },
    ];
  });
  const { replies, one, context, events } = threadStatements;
  const { mine, written, feed } = readerStatements;
  const others = [
    { name: 'replies', statement: replies.oldest.first, values: () => [hot, 20], index: 'comments_replies_by_time' },
    {
      name: 'newest replies',
      statement: replies.newest.first,
      values: () => [hot, 20],
      index: 'comments_replies_by_time',
    },
    {
      name: 'replies, next page',
      statement: replies.oldest.next,
      values: () => [hot, 20, '1000000', 1],
      index: 'comments_replies_by_time',
    },
    { name: 'one comment', statement: one, values: () => [hot], index: 'comments_pkey' },
    { name: 'context', statement: context, values: () => [deep], index: 'comments_pkey' },
    { name: 'events', statement: events, values: () => [KEY, 26_900], index: 'conversation_log_pkey' },
    { name: 'new names', statement: events, values: () => [KEY, 27_000], index: 'comments_authors' },
    ...['comments_authors', 'reactions_account_article', 'comments_removed'].map((index) => ({
      name: 'what is mine',
      statement: mine,
      values: () => [KEY, me, 900, 5_000, '{"spam": "Do not advertise."}'],
      index,
    })),
    { name: 'what somebody wrote', statement: written, values: () => [busy, later, 20], index: 'comments_by_author' },
    { name: 'my feed', statement: feed, values: () => [me, later, 2], index: 'comments_by_parent_author' },
    {
      name: 'what is new for feeds',
      statement: recentActivityStatement,
      values: () => [0],
      index: 'conversation_log_comments_by_time',
    },
    { name: 'who changed lately', statement: { text: CHANGED_LATELY }, values: () => [], index: 'sessions_changed' },
  ];

  it.each([...lists.map((it) => ({ ...it, values: () => it.values })), ...others])(
    'reads $name by $index, and no more rows than it shows',
    async ({ statement, values, index }) => {
      const { nodes, buffers } = await explain(statement.text, values());
      const big = nodes.filter((it) =>
        /^(comments|conversation_log|accounts|sessions|reactions|follows)$/.test(it['Relation Name'] ?? ''),
      );
      expect(big.filter((it) => it['Node Type'] === 'Seq Scan' && it['Actual Loops'] > 0)).toEqual([]);
      expect(nodes.map((it) => it['Index Name'])).toContain(index);
      for (const it of nodes) {
        const rows = (it['Actual Rows'] + (it['Rows Removed by Filter'] ?? 0)) * it['Actual Loops'];
        expect([it['Node Type'], it['Index Name'], rows <= 300]).toEqual([it['Node Type'], it['Index Name'], true]);
      }
      expect(buffers).toBeLessThan(1_000);
    },
  );

  it('reads the numbers of the desk by indexes, but for the subscriptions that it counts up to a limit', async () => {
    // The other tables are empty here, where a scan costs less than any index.
    await client.query('set enable_seqscan = off');
    const { nodes } = await explain(statisticsStatement.text, [new Date().toISOString()]);
    await client.query('reset enable_seqscan');
    expect(nodes.filter((it) => it['Node Type'] === 'Seq Scan').map((it) => it['Relation Name'])).toEqual([
      'push_subscriptions',
    ]);
    const indexes = nodes.map((it) => it['Index Name']);
    for (const it of [
      'conversation_log_comments_by_time',
      'decisions_pkey',
      'push_subscriptions_pkey',
      'ledger_entries_pkey',
    ])
      expect(indexes).toContain(it);
  });
});
