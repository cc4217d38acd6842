import { describe, expect, it } from '@jest/globals';
import type { Comment, CommentsPage } from '../../web/shared/contract.js';
import { FakePage } from './embed-page.js';

const page = new FakePage().install();
const { Conversation } = await import('../../web/embed/comments/conversation.js');
const { session } = await import('../../web/embed/common/page.js');

const comment = (id: string): Comment => ({
  id,
  articleKey: 'ferries',
  parentId: null,
  depth: 0,
  author: null,
  body: id,
  createdAt: '2026-11-22T12:00:00Z',
  editedAt: null,
  state: 'published',
  reactions: {},
  replyCount: 2,
});
const list = (next: string | null, ...ids: string[]): CommentsPage => ({
  items: ids.map(comment),
  next,
  article: { key: 'ferries', state: 'open', commentCount: 9 },
  position: 0,
});

async function opened() {
  const talk = new Conversation(() => undefined);
  const opening = talk.open({ article: 'ferries' });
  (await page.request(/sort=newest/)).answer(200, list('n1', 'new'));
  await opening;
  return talk;
}

describe("a conversation's lists", () => {
  it('are not mixed when the answers for two orders arrive in either sequence', async () => {
    const talk = await opened();
    const more = talk.more(null);
    const earlier = await page.request(/after=n1/);
    const replies = talk.more('new');
    const earlierReplies = await page.request(/replies/);
    const top = talk.setSort('top');
    const late = await page.request(/sort=top/);
    const oldest = talk.setSort('oldest');
    (await page.request(/sort=oldest/)).answer(200, list('o1', 'old'));
    await oldest;
    late.answer(200, list('t1', 'best'));
    earlier.answer(200, list(null, 'newer'));
    earlierReplies.answer(200, { items: [{ ...comment('reply'), parentId: 'new' }], next: null, position: 0 });
    await Promise.all([top, more, replies]);
    expect([...talk.store.nodes.keys()]).toEqual(['old']);
    expect([talk.sort, talk.store.sort, talk.store.roots.after]).toEqual(['oldest', 'oldest', 'o1']);
    talk.close();
  });

  it('show what frames changed when a cache answers with an older page of replies', async () => {
    const talk = new Conversation(() => undefined);
    const opening = talk.open({ article: 'ferries' });
    (await page.request(/sort=newest/)).answer(200, { ...list('n1', 'new'), position: 7 });
    await opening;
    const more = talk.more('new');
    const replies = ['stays', 'went'].map((id) => ({ ...comment(id), parentId: 'new' }));
    (await page.request(/replies/)).answer(200, { items: replies, next: null, position: 5 });
    const gone = { position: 6, kind: 'gone', id: 'went', parent: { id: 'new', replyCount: 1 } };
    const since = { from: 5, to: 7, commentCount: 8, items: [gone], more: false };
    (await page.request(/events\?after=5/)).answer(200, since);
    await more;
    expect([...talk.store.nodes.keys()].sort()).toEqual(['new', 'stays']);
    talk.close();
  });

  it('stay on the page when another order does not load, and can be loaded again', async () => {
    const talk = await opened();
    const top = talk.setSort('top');
    (await page.request(/sort=top/)).lose();
    await top;
    expect([talk.status, talk.sort, [...talk.store.nodes.keys()]]).toEqual(['ready', 'newest', ['new']]);
    expect(talk.problem?.offline).toBe(true);
    talk.retry();
    (await page.request(/sort=top/)).answer(200, list(null, 'best'));
    talk.close();
  });

  it('fail when nothing was shown yet; a failure for one comment goes to its caller', async () => {
    const talk = new Conversation(() => undefined);
    const opening = talk.open({ article: 'ferries' });
    (await page.request(/sort=newest/)).lose();
    await opening;
    expect(talk.status).toBe('failed');
    talk.close();
    const other = await opened();
    const more = other.more('new');
    (await page.request(/replies/)).lose();
    expect((await more)?.offline).toBe(true);
    expect(other.problem).toBeUndefined();
    other.close();
  });
});

describe("a reader's own waiting texts", () => {
  it('are not shown to the next reader of the page, in whatever order the answers arrive', async () => {
    const talk = await opened();
    let me = 'ann';
    Object.defineProperty(session, 'account', { configurable: true, get: () => ({ id: me }) });
    const mine = (...held: string[]) => ({
      reactions: {},
      following: [],
      removals: {},
      held: held.map((id) => ({ id })),
    });
    const shown = () => talk.held.map((it) => it.id);
    try {
      const first = talk.readMine();
      (await page.request(/mine/)).answer(200, mine('of ann'));
      await first;
      expect(shown()).toEqual(['of ann']);
      const again = talk.readMine();
      const late = await page.request(/mine/);
      me = 'ben';
      const next = talk.readMine();
      expect(shown()).toEqual([]);
      (await page.request(/mine/)).answer(200, mine('of ben'));
      await next;
      late.answer(200, mine('of ann'));
      await again;
      expect(shown()).toEqual(['of ben']);
    } finally {
      Reflect.deleteProperty(session, 'account');
      talk.close();
    }
  });
});
