import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CommentsPage } from '../../web/shared/contract.js';
import type { Actor, CommentView } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { allPages } from '../support/fresh-load.js';
import { Random, seedOfRun } from '../support/random.js';
import { TestClock } from '../support/test-clock.js';
import { seedThread } from '../support/thread-seed.js';

/** All comments are written in the same microsecond, so that only their ids differ. */
const MOMENT = new Date();
class FrozenClock extends TestClock {
  override now(): Date {
    return MOMENT;
  }
}

describe('reading a conversation page by page', () => {
  let app: TestApp;
  let ann: Actor;
  let ben: Actor;
  let mod: Actor;
  let key: string;
  let hot: string;
  /** An article without writers. */
  let quiet: string;
  const random = new Random(seedOfRun());

  beforeAll(async () => {
    app = await TestApp.start({ clock: new FrozenClock() });
    [ann, ben, mod] = await Promise.all([
      app.reader('Ann Reader'),
      app.reader('Ben Other'),
      app.reader('Mo Derator', 'moderator'),
    ]);
    key = await app.article();
    const seeded = await seedThread(app.database.url, {
      articleKey: key,
      authorIds: [ann.rowId, ben.rowId],
      roots: 4_000,
      hot: 1,
      hotReplies: 3_000,
      levels: [2_000, 1_000],
      createdAt: `'${MOMENT.toISOString()}'::timestamptz`,
    });
    hot = seeded.hot[0]!;
    quiet = await app.article();
    await seedThread(app.database.url, {
      articleKey: quiet,
      authorIds: [ann.rowId, ben.rowId],
      roots: 1_000,
      levels: [700],
      createdAt: `'${MOMENT.toISOString()}'::timestamptz`,
    });
    // The comments have scores and ranks of every kind, many of them equal, and some are tombstones.
    await app.sql(
      `update comments set score = id % 7, rank = rank + log(2, (1 + id % 7)::numeric)::double precision,
         state = case when id % 23 = 0 then 'deleted' when id % 29 = 0 then 'removed' else state end,
         removal_reason = case when id % 29 = 0 and id % 23 <> 0 then 'spam' end
       where article_id = (select id from articles where key = $1) and parent_id is null`,
      [quiet],
    );
  });
  afterAll(() => app.stop());

  const visibleIds = async (where: string): Promise<string[]> => {
    const rows = await app.sql<{ id: string }>(
      `select id from comments where article_id = (select id from articles where key = $1) and ${where}
       and (state <> 'deleted' or child_count > 0) order by id`,
      [key],
    );
    return rows.map((it) => it.id);
  };
  const ROOTS = 'parent_id is null';

  /** Makes 200 writes. Each page of each walk runs beside the next one. */
  function* writes(): Generator<() => Promise<void>> {
    const expecting =
      (status: number, send: () => Promise<{ status: number; text: string }>): (() => Promise<void>) =>
      async () => {
        const answer = await send();
        if (answer.status !== status) throw new Error(`A write answered ${answer.status}: ${answer.text}`);
      };
    const post = (parentId?: string) =>
      expecting(201, () =>
        ann.post(`/articles/${key}/comments`, { body: 'In between.', ...(parentId && { parentId }) }),
      );
    const targets = { roots: 0, replies: 0 };
    for (let i = 0; i < 50; i += 1) {
      // Random steps choose a comment of the thread, a root and a reply to the hot one in turn, each at most once.
      targets.roots += 1 + random.below(70);
      targets.replies += 1 + random.below(50);
      const { roots, replies } = targets;
      yield post();
      yield post(hot);
      yield expecting(201, async () => {
        const [it] = await app.sql<{ id: string }>(
          `select id from comments where article_id = (select article_id from comments where id = $1)
           and parent_id is null and id <> $1 order by id offset $2 limit 1`,
          [hot, roots],
        );
        return mod.post(`/moderation/comments/${it!.id}/decisions`, { action: 'remove', reason: 'spam' });
      });
      yield expecting(204, async () => {
        const [it] = await app.sql<{ id: string; author_id: string }>(
          `select id, author_id from comments
           where ${i % 2 ? 'parent_id = $1' : 'article_id = (select article_id from comments where id = $1) and parent_id is null and id <> $1'}
           and state = 'published' order by id offset $2 limit 1`,
          [hot, i % 2 ? replies : 3_700 + i],
        );
        return (it!.author_id === ann.rowId ? ann : ben).delete(`/comments/${it!.id}`);
      });
    }
  }

  it('shows each comment that stays exactly once, while 200 posts, removals and deletions arrive', async () => {
    const reader = app.anonymous();
    const before = { roots: await visibleIds(ROOTS), replies: await visibleIds(`parent_id = ${hot}`) };
    const queue = writes();
    let written = 0;
    const write = async (): Promise<void> => {
      const next = queue.next();
      if (next.done) return;
      await next.value();
      written += 1;
    };
    const walk = (path: string): Promise<CommentView[]> => allPages(reader, path, write);
    const [newest, oldest, newestReplies, oldestReplies] = await Promise.all([
      walk(`/articles/${key}/comments?sort=newest&limit=53`),
      walk(`/articles/${key}/comments?sort=oldest&limit=71`),
      walk(`/comments/${hot}/replies?sort=newest&limit=47`),
      walk(`/comments/${hot}/replies?sort=oldest&limit=61`),
    ]);
    expect(written).toBe(200);

    const after = {
      roots: new Set(await visibleIds(ROOTS)),
      replies: new Set(await visibleIds(`parent_id = ${hot}`)),
    };
    const check = (seen: CommentView[], started: string[], ended: Set<string>): void => {
      const times = new Map<string, number>();
      for (const { id } of seen) times.set(id, (times.get(id) ?? 0) + 1);
      expect([...times.values()].filter((it) => it !== 1)).toEqual([]);
      expect(started.filter((it) => ended.has(it) && !times.has(it))).toEqual([]);
    };
    check(newest, before.roots, after.roots);
    check(oldest, before.roots, after.roots);
    check(newestReplies, before.replies, after.replies);
    check(oldestReplies, before.replies, after.replies);
    expect(newestReplies.length).toBeGreaterThan(2_900);
  });

  it.each(['newest', 'oldest', 'top', 'replies', 'reactions'])(
    'shows each root once in the order %s, when nothing changes',
    async (sort) => {
      const seen = await allPages(app.anonymous(), `/articles/${quiet}/comments?sort=${sort}&limit=29`);
      const order = { newest: 'id desc', oldest: 'id', top: 'rank desc, id desc' }[sort];
      const expected = await app.sql<{ id: string }>(
        `select id from comments where article_id = (select id from articles where key = $1)
       and parent_id is null and (state <> 'deleted' or child_count > 0)
       order by ${order ?? `${sort === 'replies' ? 'reply_count' : 'score'} desc, id desc`}`,
        [quiet],
      );
      expect(expected.length).toBeGreaterThan(900);
      expect(seen.map((it) => it.id)).toEqual(expected.map((it) => it.id));
    },
    30_000,
  );

  it('continues a page at any microsecond', async () => {
    const other = await app.article();
    await seedThread(app.database.url, {
      articleKey: other,
      authorIds: [ann.rowId],
      roots: 200,
      createdAt: `'2026-03-01T11:59:59.9999Z'::timestamptz + (n / 2) * interval '1 microsecond'`,
    });
    for (const sort of ['newest', 'oldest']) {
      const seen = await allPages(app.anonymous(), `/articles/${other}/comments?sort=${sort}&limit=3`);
      expect(new Set(seen.map((it) => it.id)).size).toBe(200);
      expect(seen).toHaveLength(200);
    }
  });

  it('refuses cursors of other lists and limits out of bounds', async () => {
    const reader = app.anonymous();
    const list = `/articles/${key}/comments`;
    const first = async (sort: string): Promise<string> => {
      const { body } = await reader.get<CommentsPage>(`${list}?sort=${sort}&limit=1`);
      return encodeURIComponent(body.next!);
    };
    const bad = [
      `sort=oldest&after=${await first('newest')}`,
      `sort=newest&after=${await first('top')}`,
      `sort=replies&after=${await first('reactions')}`,
      `after=${await first('oldest')}`,
      'after=newest',
      'after=newest:1:0',
      'after=newest:x:1',
      'after=newest:1:99999999999999999999',
      `after=newest:${'9'.repeat(17)}:1`,
      "after=newest:1:1'--",
      'sort=top&after=top:NaN:1',
      'sort=replies&after=replies:9999999999:1',
      'after=',
      'limit=0',
      'limit=101',
      'limit=-1',
      'limit=1.5',
      'limit=ten',
      'sort=random',
      'page=2',
    ];
    for (const query of bad) {
      const { status, body } = await reader.get(`${list}?${query}`);
      expect([query, status, body.code]).toEqual([query, 400, 'request.invalid']);
    }
    for (const query of [`after=${await first('newest')}`, 'sort=top', 'limit=0']) {
      const { status } = await reader.get(`/comments/${hot}/replies?${query}`);
      expect([query, status]).toEqual([query, 400]);
    }
    // The last values that a cursor can hold lead to empty pages, not to failures.
    for (const query of [
      'sort=oldest&after=oldest:9999999999999999:9223372036854775807',
      'sort=top&after=top:0:1',
      'sort=replies&after=replies:0:1',
    ]) {
      const { status, body } = await reader.get<CommentsPage>(`${list}?${query}`);
      expect([query, status, body.items.length]).toEqual([query, 200, 0]);
    }
  });
});
