import { describe, expect, it } from '@jest/globals';
import type { Comment, CommentsPage } from '../../web/shared/contract.js';
import type { Panel, ThreadView } from '../../web/embed/comments/view.js';
import { until } from '../support/until.js';
import { FakePage } from './embed-page.js';

const page = new FakePage().install();
Object.assign(page.document, { createTreeWalker: () => ({}), createComment: () => ({}) });
const { Conversation } = await import('../../web/embed/comments/conversation.js');
const { openPanel } = await import('../../web/embed/comments/panels.js');
const { api } = await import('../../web/shared/api.js');
const { serverNow } = await import('../../web/shared/server-clock.js');
const { relativeTime } = await import('../../web/shared/strings/translate.js');
const { shown } = await import('../../web/embed/comments/thread-list.js');

const comment = (id: string, parentId: string | null = null): Comment => ({
  id,
  articleKey: 'ferries',
  parentId,
  depth: parentId ? 1 : 0,
  author: { id: `author-${id}`, displayName: id, badges: [] },
  body: id,
  createdAt: '2026-11-22T12:00:00Z',
  editedAt: null,
  state: 'published',
  reactions: {},
  replyCount: 0,
});
const parent = { ...comment('a'), replyCount: 1, replies: { items: [comment('a1', 'a')], next: null } };
const list = (...items: Comment[]): CommentsPage => ({
  items,
  next: null,
  article: { key: 'ferries', state: 'open', commentCount: items.length },
  position: 5,
});
const gone = (id: string) => ({ items: [{ kind: 'gone' as const, position: 6, id }], commentCount: 1 });

/** Opens a conversation in which the reader is writing at these comments. */
async function opened(...writing: [id: string, panel: Panel][]) {
  const panels = new Map<string, Panel>(writing);
  const talk = new Conversation(() => undefined);
  talk.store.writingAt = () => panels.keys();
  const opening = talk.open({ article: 'ferries' });
  (await page.request(/sort=newest/)).answer(200, list(parent, comment('b')));
  for (const [id] of writing) (await page.request(`/comments/${id}/context`)).lose();
  await opening;
  const { store } = talk;
  return {
    talk,
    store,
    panels,
    view: { talk, panels, edits: new Map([['b', { by: undefined, text: 'b' }]]) } as unknown as ThreadView,
  };
}

/** Returns all texts of what is drawn. */
function textIn(drawn: unknown): string {
  if (typeof drawn === 'string') return drawn;
  const parts = Array.isArray(drawn) ? drawn : (drawn as { values?: unknown[] } | null)?.values;
  return Array.isArray(parts) ? parts.map(textIn).join(' ') : '';
}

describe('talk: what a reader is writing at a comment', () => {
  it.each<[Panel, RegExp]>([
    ['reply', /Your text is kept/],
    ['edit', /You can copy your text.* b /s],
    ['report', /nothing left to report/],
  ])('stays with a sentence when the comment is deleted: %s', async (panel, sentence) => {
    const { talk, store, view } = await opened(['b', panel]);
    expect(textIn(openPanel(view, store.nodes.get('b')!.comment))).not.toMatch(sentence);
    store.apply(gone('b'));
    const { comment: left } = store.nodes.get('b')!;
    expect([left.state, left.body, shown(store.roots)]).toEqual(['deleted', null, ['a', 'b']]);
    expect(textIn(openPanel(view, left))).toMatch(sentence);
    talk.close();
  });

  it('stays with the comments above it when all of them are deleted, and goes when it is closed', async () => {
    const { talk, store, panels } = await opened(['a1', 'reply']);
    store.apply(gone('a1'));
    store.apply(gone('a'));
    expect([...store.nodes.keys()].sort()).toEqual(['a', 'a1', 'b']);
    panels.delete('a1');
    store.release('a1');
    expect([...store.nodes.keys()]).toEqual(['b']);
    talk.close();
  });

  it('goes at once when the comment is deleted and nothing is being written there', async () => {
    const { talk, store } = await opened();
    store.apply(gone('b'));
    expect([...store.nodes.keys()].sort()).toEqual(['a', 'a1']);
    talk.close();
  });

  it('stays when the list is read anew in another order and does not show the comment', async () => {
    const { talk, store } = await opened(['a1', 'edit']);
    const sorting = talk.setSort('top');
    (await page.request(/sort=top/)).answer(200, list(comment('z')));
    const context = await page.request('/comments/a1/context');
    await sorting;
    expect([shown(store.roots), shown(store.nodes.get('a')!.replies)]).toEqual([['a', 'z'], ['a1']]);
    context.answer(404, { code: 'comment.not_found' });
    await until('the comment to be known as gone', () => store.nodes.get('a1')?.comment.state === 'deleted');
    talk.close();
  });

  it('is known above the comment, so that a folded branch keeps it', async () => {
    const { talk, store } = await opened(['a1', 'reply']);
    expect(['a', 'a1', 'b'].map((id) => store.isWritingIn(id))).toEqual([true, true, false]);
    talk.close();
  });
});

describe('talk: a linked comment', () => {
  it('is told to be gone only when the server says so', async () => {
    const { talk } = await opened();
    const offline = talk.loadLinked('x');
    (await page.request('/comments/x/context')).lose();
    expect((await offline)?.offline).toBe(true);
    const deleted = talk.loadLinked('x');
    (await page.request('/comments/x/context')).answer(404, { code: 'comment.not_found' });
    expect((await deleted)?.status).toBe(404);
    talk.close();
  });
});

describe('talk: the time', () => {
  it.each([
    ['20 minutes ahead', 20 * 60_000],
    ['a day behind', -86_400_000],
  ])("is the server's when the device is %s", async (_how, off) => {
    const server = Date.now() - off;
    const asked = api.get('/me/following');
    (await page.request('/me/following')).answer(
      200,
      { items: [], next: null },
      { date: new Date(server).toUTCString() },
    );
    await asked;
    expect(Math.abs(serverNow() - server)).toBeLessThan(3_000);
    expect(relativeTime(new Date(server - 90_000).toISOString(), serverNow(), 'en')).toBe('1m ago');
    // An answer that a cache kept is older and teaches nothing new.
    const read = api.read('/topics');
    (await page.request('/topics')).answer(200, { items: [] }, { date: new Date(0).toUTCString() });
    await read;
    expect(Math.abs(serverNow() - server)).toBeLessThan(3_000);
  });
});
