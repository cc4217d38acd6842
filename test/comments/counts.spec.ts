import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import {
  HIDDEN_CHILDREN,
  HideDeletedBranches1764000045000,
} from '../../migrations/1764000045000-hide-deleted-branches.js';
import type { CommentsPage } from '../../web/shared/contract.js';
import { Actor, type CommentView } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { Random, seedOfRun } from '../support/random.js';
import { until } from '../support/until.js';

const WRITERS = 100;
const ACTS = 8;

describe('stored counts', () => {
  let here: TestApp;
  let there: TestApp;
  const writers: Actor[] = [];
  const moderators: Actor[] = [];
  const keys: string[] = [];

  beforeAll(async () => {
    here = await TestApp.start();
    there = await TestApp.start({ database: here.database, clock: here.clock });
    keys.push(await here.article(), await here.article());
    const onNode = (actor: Actor, index: number): Actor => {
      const moved = new Actor([here, there][index % 2]!.url, actor.origin);
      for (const [name, value] of actor.cookies) moved.cookies.set(name, value);
      moved.accountId = actor.accountId;
      return moved;
    };
    for (let i = 0; i < WRITERS; i += 10) {
      const ten = await Promise.all(
        Array.from({ length: 10 }, (_, n) => here.reader(`Writer ${'ABCDEFGHIJ'[i / 10]}${'ABCDEFGHIJ'[n]}`)),
      );
      writers.push(...ten.map(onNode));
    }
    for (let i = 0; i < 4; i += 1) moderators.push(onNode(await here.reader(`Keeper ${'ABCD'[i]}`, 'moderator'), i));
  });
  afterAll(async () => {
    await there.stop();
    await here.stop();
  });

  it('equal a recount after 100 writers at once on two nodes, without a deadlock', async () => {
    const seed = seedOfRun();
    console.log(`counts: SEED=${seed}`);
    const all: CommentView[] = [];
    const tally: Record<string, number> = {};
    const note = (what: string, { status, text }: { status: number; text: string }, fine: number[]): void => {
      tally[`${what} ${status}`] = (tally[`${what} ${status}`] ?? 0) + 1;
      if (!fine.includes(status)) throw new Error(`${what} answered ${status}: ${text}`);
    };
    const post = async (me: Actor, key: string, parentId?: string): Promise<void> => {
      const answer = await me.post<CommentView>(`/articles/${key}/comments`, {
        body: 'One of many.',
        ...(parentId && { parentId }),
      });
      note(parentId ? 'reply' : 'post', answer, parentId ? [201, 409] : [201]);
      if (answer.status === 201) all.push(answer.body);
    };
    for (const key of keys) await post(writers[0]!, key);

    await Promise.all([
      ...writers.map(async (me, index) => {
        const random = new Random(seed + index);
        for (let i = 0; i < ACTS; i += 1) {
          const target = random.pick(all);
          const dice = random.next();
          if (dice < 0.2) await post(me, random.pick(keys));
          else if (dice < 0.5) await post(me, target.articleKey, target.id);
          else if (dice < 0.7) note('like', await me.put(`/comments/${target.id}/reactions/like`), [200, 404, 409]);
          else if (dice < 0.8) note('unlike', await me.delete(`/comments/${target.id}/reactions/like`), [200, 404]);
          else {
            const own = all.filter((it) => it.author?.id === me.accountId);
            const it = own.length ? random.pick(own) : target;
            if (dice < 0.9) note('delete', await me.delete(`/comments/${it.id}`), [204, 404, 409]);
            else note('edit', await me.patch(`/comments/${it.id}`, { body: `Thought again ${i}.` }), [200, 404, 409]);
          }
        }
      }),
      ...moderators.map(async (me, index) => {
        const random = new Random(seed - 1 - index);
        for (let i = 0; i < ACTS * 4; i += 1) {
          const action = random.next() < 0.6 ? 'remove' : 'restore';
          const path = `/moderation/comments/${random.pick(all).id}/decisions`;
          note(action, await me.post(path, { action, reason: 'other' }), [201, 404, 409]);
        }
      }),
    ]);
    await until('the reactions', async () => {
      const [left] = await here.sql<{ n: number }>('select count(*)::int as n from reaction_marks');
      return left!.n === 0;
    });

    // Every kind of write happened.
    expect(Object.keys(tally)).toEqual(
      expect.arrayContaining([
        'post 201',
        'reply 201',
        'like 200',
        'delete 204',
        'edit 200',
        'remove 201',
        'restore 201',
      ]),
    );

    expect(await differences()).toEqual([]);
    const [{ deadlocks }] = (await here.sql<{ deadlocks: string }>(
      'select deadlocks from pg_stat_database where datname = current_database()',
    )) as [{ deadlocks: string }];
    expect(Number(deadlocks)).toBe(0);
  });

  describe('of children', () => {
    const roots = async (key: string) => (await here.anonymous().get<CommentsPage>(`/articles/${key}/comments`)).body;

    it('let a branch leave the page when its last comment is deleted', async () => {
      const [ann, ben] = [await here.reader('Ann Reader'), await here.reader('Ben Reader')];
      const key = await here.article();
      const root = await ann.comment(key, 'The root of a branch.');
      const first = await ben.comment(key, 'The first reply to it.', root.id);
      const second = await ben.comment(key, 'Another reply to the root.', root.id);
      const leaf = await ann.comment(key, 'A reply to the first reply.', first.id);
      await ann.delete(`/comments/${root.id}`);
      for (const it of [first, second]) await ben.delete(`/comments/${it.id}`);
      const { items, position } = await roots(key);
      expect(items).toMatchObject([{ id: root.id, replies: { items: [{ id: first.id }], next: null } }]);
      await ann.delete(`/comments/${leaf.id}`);
      expect((await roots(key)).items).toEqual([]);
      for (const { id } of [root, first, second, leaf]) expect((await ann.get(`/comments/${id}`)).status).toBe(404);
      const { body } = await ann.get<{ items: { kind: string; id: string }[] }>(
        `/articles/${key}/events?after=${position}`,
      );
      expect(body.items.map(({ kind, id }) => [kind, id])).toEqual([leaf, first, root].map(({ id }) => ['gone', id]));
      expect(await differences()).toEqual([]);
    });

    it('are corrected by the migration where an earlier version kept deleted branches', async () => {
      const ann = await here.reader('Ann Migrated');
      const key = await here.article();
      const made = async (parent?: string) =>
        (await ann.comment(key, `A text of its own, below ${parent ?? 'nothing'}.`, parent)).id;
      const [kept, gone] = [await made(), await made()];
      const [keptReply, goneReply] = [await made(kept), await made(gone)];
      await made(keptReply);
      const goneLeaf = await made(goneReply);
      const counts = () =>
        here.sql<{ id: string; n: number }>(
          `select id::text as id, child_count as n from comments
           where article_id = (select id from articles where key = $1) order by id`,
          [key],
        );
      const before = await counts();
      await here.sql(`update comments set state = 'deleted', reply_count = 0 where id = any($1::bigint[])`, [
        [kept, gone, keptReply, goneReply, goneLeaf],
      ]);
      const migration = new HideDeletedBranches1764000045000();
      const runner = here.get(DataSource).createQueryRunner();
      // Branches that this version emptied are not in the way, because they are given back first.
      await runner.startTransaction();
      await migration.down(runner);
      await runner.query('update comments set child_count = $2 where id = $1', [gone, 1]);
      await runner.query('update comments set child_count = $2 where id = $1', [goneReply, 1]);
      await migration.up(runner);
      await runner.commitTransaction();
      expect((await roots(key)).items.map((it) => it.id)).toEqual([kept]);
      expect((await ann.get(`/comments/${gone}`)).status).toBe(404);
      await migration.down(runner);
      expect(await counts()).toEqual(before);
      await migration.up(runner);
      await runner.release();
    });

    it('are corrected in one pass when there are many comments', async () => {
      const plan = await here.sql<Record<string, string>>(`explain ${HIDDEN_CHILDREN}`);
      const text = plan.map((it) => it['QUERY PLAN']).join('\n');
      expect(text).toContain('Anti Join');
      // A subplan runs again for each row, as soon as its answer is too large for the memory of a hash.
      expect(text).not.toContain('SubPlan');
    });
  });

  /** Finds every stored count that differs from a recount, and every gap in a log. */
  const differences = (): Promise<Record<string, unknown>[]> =>
    here.sql(`
      select 'comment_count' as what, a.key as id, a.comment_count as stored,
        (select count(*)::int from comments c where c.article_id = a.id and c.state = 'published') as counted
      from articles a where a.comment_count <> (
        select count(*) from comments c where c.article_id = a.id and c.state = 'published')
      union all
      select 'reply_count', c.id::text, c.reply_count, n.published from comments c cross join lateral (
        select count(*)::int as published from comments r where r.parent_id = c.id and r.state = 'published') n
      where c.reply_count <> n.published
      union all
      select 'child_count', c.id::text, c.child_count, n.children from comments c cross join lateral (
        select count(*)::int as children from comments r
        where r.parent_id = c.id and (r.state <> 'deleted' or r.child_count > 0)) n
      where c.child_count <> n.children
      union all
      select 'reactions', c.id::text, coalesce((c.reactions ->> 'like')::int, 0), n.likes from comments c
        cross join lateral (select count(*)::int as likes from reactions r where r.comment_id = c.id) n
      where coalesce((c.reactions ->> 'like')::int, 0) <> n.likes or c.score <> n.likes
      union all
      select 'seq', a.key, a.seq::int, l.n from articles a cross join lateral (
        select count(*)::int as n, coalesce(max(seq), 0) as last from conversation_log where article_id = a.id) l
      where a.seq <> l.n or a.seq <> l.last
      union all
      select 'unlogged', c.id::text, 0, 1 from comments c
      where not exists (select from conversation_log l where l.article_id = c.article_id and l.comment_id = c.id)`);
});
