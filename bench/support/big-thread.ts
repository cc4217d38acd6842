import pg from 'pg';
import { seedThread } from '../../test/support/thread-seed.js';

export const BIG = 'a-big-thread';

/** A conversation of 100,000 comments by 20,000 readers: 20,000 roots, three of them with 4,500 answers, five levels. */
export async function seedBigThread(databaseUrl: string): Promise<{ hot: string[] }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`insert into articles (key, url, title) values ($1, 'https://news.example/big', 'Big')`, [BIG]);
    const { rows } = await client.query<{ id: string }>(
      `insert into accounts (email, display_name, name_skeleton, role, email_verified_at, created_at)
       select 'reader' || n || '@example.test', 'Reader ' || n, 'reader' || n, 'reader', now(), now()
       from generate_series(1, 20000) n returning id`,
    );
    return await seedThread(databaseUrl, {
      articleKey: BIG,
      authorIds: rows.map((it) => it.id),
      roots: 20_000,
      hot: 3,
      hotReplies: 4_500,
      levels: [30_000, 20_000, 10_000, 6_500],
      createdAt: `now() - n * interval '1 second'`,
      body: `repeat('What a reader has to say about it. ', 3 + n % 8)`,
    });
  } finally {
    await client.end();
  }
}
