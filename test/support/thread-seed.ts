import pg from 'pg';

/** The plan of a thread: the places, authors and times of its comments. */
export interface ThreadPlan {
  articleKey: string;
  authorIds: string[];
  roots: number;
  /** The number of roots that get `hotReplies` direct replies each. */
  hot?: number;
  hotReplies?: number;
  /** The numbers of further replies on each level, spread evenly over the comments of the level above. */
  levels?: number[];
  /** SQL of `created_at`, in which `n` counts the comments of a level. */
  createdAt?: string;
  /** SQL of the text, in which `n` counts the comments of a level. */
  body?: string;
}

/**
 * Writes a whole thread by SQL, with the same counts and log as posting it.
 * @returns the ids of the roots that have many replies
 */
export async function seedThread(databaseUrl: string, plan: ThreadPlan): Promise<{ hot: string[] }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query<{ id: string }>('select id from articles where key = $1', [plan.articleKey]);
    const articleId = rows[0]!.id;
    const level = (count: number, parents: string[]): Promise<string[]> =>
      writeLevel(client, plan, articleId, count, parents);
    let above = await level(plan.roots, []);
    const hot = above.slice(0, plan.hot ?? 0);
    for (const parent of hot) await level(plan.hotReplies ?? 0, [parent]);
    for (const count of plan.levels ?? []) above = await level(count, above);
    await countAndLog(client, articleId);
    await client.query('commit');
    await client.query('vacuum analyze comments'); // a running server has a visibility map and statistics, too
    await client.query('analyze articles, accounts, conversation_log');
    return { hot };
  } finally {
    await client.end();
  }
}

async function writeLevel(
  client: pg.Client,
  { authorIds, createdAt = 'now()', body = `'Comment ' || n` }: ThreadPlan,
  articleId: string,
  count: number,
  parents: string[],
): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `with given as (
       select n, nextval(pg_get_serial_sequence('comments', 'id')) as id,
         ($4::bigint[])[1 + (n - 1) % greatest(cardinality($4::bigint[]), 1)] as parent_id,
         ($3::bigint[])[1 + (n - 1) % cardinality($3::bigint[])] as author_id, ${createdAt} as at, ${body} as body
       from generate_series(1, $2::integer) n)
     insert into comments (id, article_id, parent_id, root_id, depth, ancestors, author_id, parent_author_id, body,
       created_at, rank)
     overriding system value
     select g.id, $1, p.id, coalesce(p.root_id, g.id), coalesce(p.depth + 1, 0), coalesce(p.ancestors, '{}') || g.id,
       g.author_id, p.author_id, g.body, g.at, extract(epoch from g.at)::double precision / 21600
     from given g left join comments p on p.id = g.parent_id order by g.n
     returning id`,
    [articleId, count, authorIds, parents],
  );
  return rows.map((it) => it.id);
}

async function countAndLog(client: pg.Client, articleId: string): Promise<void> {
  await client.query(
    `update comments c set reply_count = n.n, child_count = n.n
     from (select parent_id, count(*)::integer as n from comments where article_id = $1 group by parent_id) n
     where c.id = n.parent_id`,
    [articleId],
  );
  await client.query(
    `insert into conversation_log (article_id, seq, kind, comment_id, revision)
     select $1, row_number() over (order by id), 'comment', id, 1 from comments where article_id = $1`,
    [articleId],
  );
  await client.query(
    `update articles set seq = n.n, comment_count = n.n
     from (select count(*) as n from comments where article_id = $1) n where id = $1`,
    [articleId],
  );
}
