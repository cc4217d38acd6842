import { AccountsService } from '../../src/accounts/profiles/accounts.service.js';
import { SignInService } from '../../src/accounts/sign-in/sign-in.service.js';
import type { BrowserFixture } from '../../test/support/browser.js';
import { seedThread } from '../../test/support/thread-seed.js';

/** The story of the demo newspaper under which the readers write, and its key. */
export const STORY = '/stories/charged-by-the-metre';
const KEY = 'post-2026-1192';

/** Writes the conversation anew: 5,000 comments by 400 readers on three levels. @returns posts one more comment */
export async function seedTalk({ app, demo }: BrowserFixture): Promise<(text: string) => Promise<void>> {
  for (const table of ['conversation_log', 'reply_cursors', 'comments', 'articles'])
    await app.sql(`delete from ${table}`);
  await app.sql(`insert into articles (key, url, title) values ($1, $2, 'The harbour')`, [KEY, demo + STORY]);
  await app.sql(
    `insert into accounts (email, display_name, name_skeleton, role, email_verified_at, created_at)
     select 'reader' || n || '@example.test', 'Reader ' || n, 'reader' || n, 'reader', now(), now()
     from generate_series(1, 400) n on conflict do nothing`,
  );
  const readers = await app.sql<{ id: string }>(`select id from accounts where email like 'reader%@example.test'`);
  await seedThread(app.database.url, {
    articleKey: KEY,
    authorIds: readers.map((it) => it.id),
    roots: 2_000,
    levels: [2_000, 1_000],
    createdAt: `now() - n * interval '97 seconds'`,
    body: `repeat('What a reader has to say about it. ', 1 + n % 9) || case n % 3 when 0 then E'\\n\\nAnd a second thought.' else '' end`,
  });
  const email = `writer.${Date.now()}@example.test`;
  await app.get(AccountsService).ensure(email, `Writer ${Date.now()}`, 'reader');
  const writer = app.anonymous(demo);
  await writer.signIn(await app.get(SignInService).createLink(email));
  return async (text) => void (await writer.comment(KEY, text));
}
