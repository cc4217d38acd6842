import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CommentContext, CommentsPage, LogEvents, Schemas } from '../../web/shared/contract.js';
import type { Actor, CommentView } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { allPages, freshLoad } from '../support/fresh-load.js';

/** The answer of `/events` to a position that the log still holds. */
type LogRange = Exclude<LogEvents, { reset: true }>;

describe('threads', () => {
  let app: TestApp;
  let ann: Actor;
  let ben: Actor;
  let mod: Actor;
  let anyone: Actor;

  beforeAll(async () => {
    app = await TestApp.start();
    [ann, ben, mod] = await Promise.all([
      app.reader('Ann Reader'),
      app.reader('Ben Other'),
      app.reader('Mo Derator', 'moderator'),
    ]);
    anyone = app.anonymous();
  });
  afterAll(() => app.stop());

  const decide = (id: string, action: 'remove' | 'restore') =>
    mod.post(`/moderation/comments/${id}/decisions`, { action, reason: 'off-topic' });
  const page = async (key: string, query = ''): Promise<CommentsPage> =>
    (await anyone.get<CommentsPage>(`/articles/${key}/comments${query}`)).body;
  const one = (id: string) => anyone.get<CommentView & { code: string }>(`/comments/${id}`);

  describe('editing', () => {
    it('changes an own comment within the edit window, and keeps the text before for the desk', async () => {
      const key = await app.article();
      const { id } = await ann.comment(key, 'Frist.');
      const { status, body } = await ann.patch<CommentView>(`/comments/${id}`, { body: 'First.' });
      expect(status).toBe(200);
      expect(body).toMatchObject({ id, body: 'First.', editedAt: expect.stringMatching(/Z$/) });
      expect((await page(key)).items[0]).toMatchObject({ id, body: 'First.', editedAt: body.editedAt });
      expect(await app.sql('select revision, body from comment_revisions where comment_id = $1', [id])).toEqual([
        { revision: 1, body: 'Frist.' },
      ]);
      const before = (await page(key)).position;
      await ann.patch(`/comments/${id}`, { body: 'First.' }); // the same text again is no change
      expect((await page(key)).position).toBe(before);
    });

    it('refuses comments of others and removed, deleted and unknown comments', async () => {
      const key = await app.article();
      const { id } = await ann.comment(key, 'Mine.');
      const foreign = await ben.patch<Schemas['Problem']>(`/comments/${id}`, { body: 'Not yours.' });
      expect([foreign.status, foreign.body.code]).toEqual([404, 'comment.not_found']);
      expect((await ben.delete(`/comments/${id}`)).status).toBe(404);
      expect((await mod.patch(`/comments/${id}`, { body: 'Not even mine.' })).status).toBe(404);
      await decide(id, 'remove');
      const removed = await ann.patch<Schemas['Problem']>(`/comments/${id}`, { body: 'Better?' });
      expect([removed.status, removed.body.code]).toEqual([409, 'comment.removed']);
      await decide(id, 'restore');
      expect((await ann.delete(`/comments/${id}`)).status).toBe(204);
      expect((await ann.delete(`/comments/${id}`)).status).toBe(204); // a second deletion changes nothing
      expect((await ann.patch(`/comments/${id}`, { body: 'Back?' })).status).toBe(404);
      for (const it of ['0', '-1', 'x', '99999999999999999999', '9223372036854775807', '%00', '1e3'])
        expect([it, (await ann.patch(`/comments/${it}`, { body: 'Hello.' })).status]).toEqual([it, 404]);
    });
  });

  describe('deleting', () => {
    it('leaves a tombstone when the comment has replies, and nothing when it has none', async () => {
      const key = await app.article();
      const leaf = await ann.comment(key, 'A leaf.');
      const root = await ann.comment(key, 'A root.');
      const reply = await ben.comment(key, 'A reply.', root.id);
      await ann.delete(`/comments/${leaf.id}`);
      await ann.delete(`/comments/${root.id}`);
      expect((await one(leaf.id)).status).toBe(404);
      const { items, article } = await page(key);
      expect(article.commentCount).toBe(1);
      expect(items).toHaveLength(1);
      expect(items[0]).toMatchObject({ id: root.id, state: 'deleted', body: null, author: null, replyCount: 1 });
      expect(items[0]!.replies!.items[0]).toMatchObject({ id: reply.id, body: 'A reply.' });
      // A tombstone stays in any state of its children.
      await decide(reply.id, 'remove');
      expect((await page(key)).items[0]).toMatchObject({ id: root.id, state: 'deleted', replyCount: 0 });
      const { body } = await anyone.get<LogRange>(`/articles/${key}/events?after=0`);
      expect(body.items.filter((it) => it.kind === 'gone').map((it) => it.id)).toEqual([leaf.id]);
    });

    it('refuses replies and likes to a comment that is gone, and replies on another article', async () => {
      const [key, elsewhere] = [await app.article(), await app.article()];
      const gone = await ann.comment(key, 'Going.');
      await ben.comment(key, 'Wait!', gone.id);
      const foreign = await ann.comment(elsewhere, 'Elsewhere.');
      await ann.delete(`/comments/${gone.id}`);
      const answer = (parentId: string) =>
        ben.post<Schemas['Problem']>(`/articles/${key}/comments`, { body: 'An answer.', parentId });
      expect((await answer(gone.id)).body.code).toBe('comment.parent_gone');
      for (const id of [foreign.id, '0', 'x', '9223372036854775807'])
        expect((await answer(id)).body.code).toBe('comment.not_found');
      expect((await ben.put(`/comments/${gone.id}/reactions/like`)).status).toBe(404);
    });
  });

  it('takes a removed comment out of the counts and puts it back on restoring', async () => {
    const key = await app.article();
    const root = await ann.comment(key, 'A root.');
    const reply = await ben.comment(key, 'A reply.', root.id);
    await ann.put(`/comments/${reply.id}/reactions/like`);
    const counts = async (): Promise<[number, number]> => {
      const { items, article } = await page(key);
      return [article.commentCount, items[0]!.replyCount];
    };
    expect(await counts()).toEqual([2, 1]);
    await decide(reply.id, 'remove');
    expect(await counts()).toEqual([1, 0]);
    expect((await decide(reply.id, 'remove')).status).toBe(409);
    const { text } = await anyone.get(`/articles/${key}/events?after=0`);
    expect(text).not.toContain('A reply.');
    expect((await one(reply.id)).body).toMatchObject({
      state: 'removed',
      removal: { reason: 'off-topic' },
      body: null,
    });
    await decide(reply.id, 'restore');
    expect(await counts()).toEqual([2, 1]);
    expect((await one(reply.id)).body).toMatchObject({ state: 'published', body: 'A reply.' });
  });

  it('accepts replies at any depth, and leads from the deepest comment to its root', async () => {
    const key = await app.article();
    const chain: CommentView[] = [await ann.comment(key, 'Level 0')];
    for (let i = 1; i <= 60; i += 1) chain.push(await (i % 2 ? ben : ann).comment(key, `Level ${i}`, chain.at(-1)!.id));
    expect(chain.at(-1)!.depth).toBe(60);
    const { body } = await anyone.get<CommentContext>(`/comments/${chain[60]!.id}/context`);
    expect(body.comment).toMatchObject({ id: chain[60]!.id, depth: 60, parentId: chain[59]!.id });
    // The answer has the root and the nearest fifty ancestors, which is at most a page.
    expect(body.ancestors[0]!.id).toBe(chain[0]!.id);
    const nearest = body.ancestors.slice(1).map((it) => it.id);
    expect(nearest).toEqual(chain.slice(60 - nearest.length, 60).map((it) => it.id));
    expect(nearest.length).toBeGreaterThanOrEqual(49);
    // Unfolding step by step reaches every level.
    const { comments } = await freshLoad(anyone, key);
    expect([...comments.keys()]).toEqual(chain.map((it) => it.id));
  });

  it('leads from a permalink to the siblings before and after it, for roots and replies', async () => {
    const key = await app.article();
    const roots = [];
    for (let i = 0; i < 7; i += 1) roots.push(await ann.comment(key, `Root ${i}`));
    const replies = [];
    for (let i = 0; i < 7; i += 1) replies.push(await ben.comment(key, `Reply ${i}`, roots[3]!.id));
    const around = async (it: CommentView, list: string): Promise<[string[], string[]]> => {
      const { body } = await anyone.get<CommentContext>(`/comments/${it.id}/context`);
      const read = async (sort: string, cursor: string) => {
        const { body: found } = await anyone.get<CommentsPage>(`${list}?sort=${sort}&limit=2&after=${cursor}`);
        return found.items.map((one) => one.id);
      };
      return [await read('newest', body.previous), await read('oldest', body.next)];
    };
    const ids = (list: CommentView[], ...at: number[]) => at.map((it) => list[it]!.id);
    expect(await around(roots[3]!, `/articles/${key}/comments`)).toEqual([ids(roots, 2, 1), ids(roots, 4, 5)]);
    expect(await around(replies[3]!, `/comments/${roots[3]!.id}/replies`)).toEqual([
      ids(replies, 2, 1),
      ids(replies, 4, 5),
    ]);
    const page = await anyone.get<Schemas['Replies']>(`/comments/${roots[3]!.id}/replies?limit=1`);
    const { body, headers } = await anyone.get<CommentContext>(`/comments/${roots[3]!.id}/context`);
    expect([page.body.position, body.position]).toEqual([14, 14]);
    expect(body.article).toMatchObject({ key, commentCount: 14, state: 'open' });
    expect(body.comment.replies!.items).toHaveLength(7);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect((await anyone.get('/comments/9223372036854775807/context')).status).toBe(404);
  });

  it('gives a cursor where replies follow, also below tombstones that no count includes', async () => {
    const key = await app.article();
    let parent = await ann.comment(key, 'Root');
    for (let i = 1; i <= 4; i += 1) parent = await ben.comment(key, `Level ${i}`, parent.id);
    const chain = await app.sql<{ id: string }>(
      'select c.id from comments c join articles a on a.id = c.article_id where a.key = $1 order by c.id',
      [key],
    );
    await decide(chain[3]!.id, 'remove');
    const { items } = await page(key);
    const atEnd = items[0]!.replies!.items[0]!.replies!.items[0]!;
    expect(atEnd).toMatchObject({ id: chain[2]!.id, replyCount: 0, replies: { items: [] } });
    const below = await allPages(anyone, `/comments/${atEnd.id}/replies?limit=1`);
    expect(below.map((it) => it.id)).toEqual([chain[3]!.id]);
    expect((await freshLoad(anyone, key)).comments.size).toBe(5);
    const leaf = await one(chain[4]!.id);
    expect(leaf.body.replies).toEqual({ items: [], next: null });
  });

  it('counts comments for a front page, also by an earlier key, and 0 for an unknown key', async () => {
    const key = await app.article();
    await ann.comment(key, 'One.');
    await app.sql(`insert into article_aliases (key, article_id) select $1, id from articles where key = $2`, [
      `old-${key}`,
      key,
    ]);
    const ask = (keys: unknown, headers?: Record<string, string>) =>
      anyone.post<Schemas['CommentCounts']>('/comment-counts', { keys }, headers);
    const { status, body, headers } = await ask([key, `old-${key}`, 'unknown']);
    expect(status).toBe(200);
    expect(body.counts).toEqual({ [key]: 1, [`old-${key}`]: 1, unknown: 0 });
    expect((await ask([key, `old-${key}`, 'unknown'], { 'if-none-match': headers.get('etag')! })).status).toBe(304);
    for (const keys of [[], Array.from({ length: 101 }, (_, i) => `k${i}`), [''], [1], 'k'])
      expect((await ask(keys)).status).toBe(400);
  });

  it('answers 304 to a client that has the page, until something changes', async () => {
    const key = await app.article();
    await ann.comment(key, 'One.');
    const first = await anyone.get(`/articles/${key}/comments`);
    const etag = first.headers.get('etag')!;
    const again = () => anyone.get(`/articles/${key}/comments`, { 'if-none-match': etag });
    expect([(await again()).status, (await again()).text]).toEqual([304, '']);
    await ann.comment(key, 'Two.');
    expect((await again()).status).toBe(200);
    expect(first.headers.get('set-cookie')).toBeNull();
    expect(first.headers.get('cache-control')).not.toContain('stale');
  });

  describe('sweep: likes', () => {
    it('refuses one for an own comment, and takes back one from before', async () => {
      const { id } = await ann.comment(await app.article(), 'I agree with myself.');
      const like = `/comments/${id}/reactions/like`;
      const refused = await ann.put<Schemas['Problem']>(like);
      expect([refused.status, refused.body.code]).toEqual([409, 'reaction.self']);
      await app.sql(
        `insert into reactions (comment_id, account_id, kind, article_id)
          select id, author_id, 'like', article_id from comments where id = $1`,
        [id],
      );
      expect((await ben.put(like)).body).toEqual({ reactions: { like: 2 } });
      expect((await ann.delete(like)).body).toEqual({ reactions: { like: 1 } });
    });
  });

  it('lists the own reactions and followed authors of a page', async () => {
    const key = await app.article();
    const liked = await ben.comment(key, 'Like me.');
    await ben.comment(key, 'Leave me.');
    await ann.put(`/comments/${liked.id}/reactions/like`);
    await ann.put(`/readers/${ben.accountId}/follow`);
    const { body } = await ann.get(`/articles/${key}/mine`);
    expect(body).toEqual({
      reactions: { [liked.id]: ['like'] },
      following: [ben.accountId],
      removals: {},
      held: [],
      editWindowSeconds: 900,
      mostCharacters: 5_000,
    });
    expect((await ann.put(`/comments/${liked.id}/reactions/like`)).body).toEqual({ reactions: { like: 1 } });
    expect((await ann.delete(`/comments/${liked.id}/reactions/like`)).body).toEqual({ reactions: {} });
    expect((await ann.put(`/comments/${liked.id}/reactions/love`)).status).toBe(404);
    expect((await anyone.get(`/articles/${key}/mine`)).status).toBe(401);
    expect((await ann.get('/articles/unknown/mine')).status).toBe(404);
    await ann.delete(`/readers/${ben.accountId}/follow`);
    expect((await ann.get(`/articles/${key}/mine`)).body.following).toEqual([]);
  });

  it('drops a comment from feed and profile when it is removed or deleted', async () => {
    const key = await app.article();
    const [cat, dan] = [await app.reader('Cat Follower'), await app.reader('Dan Writer')];
    await cat.put(`/readers/${dan.accountId}/follow`);
    const [kept, removed, deleted] = [
      await dan.comment(key, 'Kept.'),
      await dan.comment(key, 'Removed.'),
      await dan.comment(key, 'Deleted.'),
    ];
    const reply = await ben.comment(key, 'To the one kept.', kept.id);
    await decide(removed.id, 'remove');
    await dan.delete(`/comments/${deleted.id}`);
    const feed = await cat.get<Schemas['Feed']>('/me/following/comments');
    expect(feed.body.items.map((it) => [it.comment.id, it.because, it.parent?.id ?? null])).toEqual([
      [reply.id, 'reply', kept.id],
      [kept.id, 'followed', null],
    ]);
    // Reading page by page gives the same list.
    const first = await cat.get<Schemas['Feed']>('/me/following/comments?limit=1');
    const second = await cat.get<Schemas['Feed']>(`/me/following/comments?limit=1&after=${first.body.next}`);
    expect([...first.body.items, ...second.body.items]).toEqual(feed.body.items);
    expect(second.body.next).toBeNull();

    const profile = await anyone.get(`/readers/${dan.accountId}`);
    expect(profile.body).toEqual({
      id: dan.accountId,
      displayName: 'Dan Writer',
      badges: [],
      joinedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      commentCount: 1,
    });
    const written = await anyone.get<Schemas['Written']>(`/readers/${dan.accountId}/comments`);
    expect(written.body.items.map((it) => it.comment.id)).toEqual([kept.id]);
    const following = await cat.get<Schemas['Following']>('/me/following');
    expect(following.body.items.map((it) => it.id)).toEqual([dan.accountId]);
    expect((await anyone.get('/readers/0')).status).toBe(404);
  });

  it('answers events in order, and a reset when the client is ahead of the log', async () => {
    const key = await app.article();
    const a = await ann.comment(key, 'A');
    const b = await ben.comment(key, 'B', a.id);
    await ann.patch(`/comments/${a.id}`, { body: 'A!' });
    type Events = { from: number; to: number; more: boolean; items: Record<string, unknown>[]; reset?: true };
    const events = async (after: string) => anyone.get<Events>(`/articles/${key}/events?after=${after}`);
    const { body, headers } = await events('0');
    expect(body).toMatchObject({ from: 0, to: 3, more: false, commentCount: 2 });
    expect(headers.get('cache-control')).toBe('public, max-age=0, s-maxage=1');
    // A comes once, in its present state and at its last position.
    expect(body.items.map((it) => [it.position, (it.comment as CommentView).id])).toEqual([
      [2, b.id],
      [3, a.id],
    ]);
    expect(body.items[0]).toMatchObject({ parent: { id: a.id, replyCount: 1 } });
    expect((await events('3')).body).toMatchObject({ from: 3, to: 3, items: [] });
    expect((await events('4')).body).toEqual({ reset: true });
    for (const bad of ['-1', 'x', '1.5', '9999999999999999']) expect((await events(bad)).status).toBe(400);
    expect((await anyone.get('/articles/unknown/events')).status).toBe(404);
  });

  it('answers a long log in ranges that join', async () => {
    const key = await app.article();
    await app.sql(
      `with it as (update articles set seq = 1200 where key = $1 returning id)
       insert into conversation_log (article_id, seq, kind) select it.id, n, 'article' from it, generate_series(1, 1200) n`,
      [key],
    );
    let position = 0;
    for (let more = true; more;) {
      const { body } = await anyone.get<LogRange>(`/articles/${key}/events?after=${position}`);
      expect(body.from).toBe(position);
      expect(body.to).toBe(Math.min(position + 500, 1200));
      position = body.to;
      ({ more } = body);
    }
    expect(position).toBe(1200);
  });

  // Moves the app's clock, so it comes last.
  it('refuses an edit after fifteen minutes, and still allows deleting', async () => {
    const key = await app.article();
    const { id } = await ann.comment(key, 'Written once.');
    await app.clock.advance(14 * 60_000);
    expect((await ann.patch(`/comments/${id}`, { body: 'Just in time.' })).status).toBe(200);
    await app.clock.advance(2 * 60_000);
    const late = await ann.patch<Schemas['Problem']>(`/comments/${id}`, { body: 'Too late.' });
    expect([late.status, late.body.code]).toEqual([409, 'comment.edit_window_over']);
    expect((await one(id)).body.body).toBe('Just in time.');
    expect((await ann.delete(`/comments/${id}`)).status).toBe(204);
  });
});
