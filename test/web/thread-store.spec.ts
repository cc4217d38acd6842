import { describe, expect, it } from '@jest/globals';
import type { Comment, CommentsPage, FrameItem } from '../../web/shared/contract.js';
import { shown } from '../../web/embed/comments/thread-list.js';
import { ThreadStore, type Sort } from '../../web/embed/comments/thread-store.js';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 1, 12, minute)).toISOString();

const comment = (id: string, over: Partial<Comment> = {}): Comment => ({
  id,
  articleKey: 'ferries',
  parentId: null,
  depth: over.parentId ? 1 : 0,
  author: { id: `author-${id}`, displayName: id, badges: [] },
  body: `text of ${id}`,
  createdAt: at(Number(id.replace(/\D/g, '') || 0)),
  editedAt: null,
  state: 'published',
  reactions: {},
  replyCount: 0,
  ...over,
});

const page = (items: Comment[], next: string | null = null): CommentsPage => ({
  article: { key: 'ferries', state: 'open', commentCount: items.length },
  items,
  next,
  position: 10,
});

function loaded(items: Comment[], next: string | null = null, sort: Sort = 'newest'): ThreadStore {
  const store = new ThreadStore();
  store.load(page(items, next), sort);
  return store;
}

type Unplaced<T> = T extends FrameItem ? Omit<T, 'position'> : never;
const frame = (...items: Unplaced<FrameItem>[]) => ({
  items: items.map((it, index) => ({ ...it, position: index + 1 }) as FrameItem),
  commentCount: 7,
});
const roots = (store: ThreadStore) => shown(store.roots);
const replies = (store: ThreadStore, id: string) => shown(store.nodes.get(id)!.replies);

describe('a new comment', () => {
  it('waits until it is revealed, then stands first; only published comments are counted', () => {
    const store = loaded([comment('c2'), comment('c1')]);
    store.apply(frame({ kind: 'comment', comment: comment('c3') }, { kind: 'comment', comment: comment('c4') }));
    expect(roots(store)).toEqual(['c2', 'c1']);
    expect(store.pendingCount(null)).toBe(2);
    expect(store.article?.commentCount).toBe(7);
    expect(store.reveal(null)).toEqual(['c4', 'c3']);
    expect(roots(store)).toEqual(['c4', 'c3', 'c2', 'c1']);
    expect(store.pendingCount(null)).toBe(0);
  });

  it('appears at once and only once when this reader wrote it, in either sequence of answer and frame', () => {
    for (const order of ['answer', 'frame']) {
      const store = loaded([comment('c1')]);
      store.me = 'me';
      const mine = comment('c2', { author: { id: 'me', displayName: 'Me', badges: [] } });
      if (order === 'answer') store.put(mine);
      store.apply(frame({ kind: 'comment', comment: mine }));
      if (order === 'frame') store.put(mine);
      expect(roots(store)).toEqual(['c2', 'c1']);
      expect(store.article?.commentCount).toBe(7);
      expect(store.pendingCount(null)).toBe(0);
    }
  });

  it('is counted before the frame comes when this reader wrote it', () => {
    const store = loaded([comment('c1')]);
    store.put(comment('c2', { parentId: 'c1' }));
    expect(store.article?.commentCount).toBe(2);
    expect(store.nodes.get('c1')?.comment.replyCount).toBe(1);
    expect(replies(store, 'c1')).toEqual(['c2']);
  });

  it('stands last when the oldest come first', () => {
    const store = loaded([comment('c1'), comment('c2')], null, 'oldest');
    store.apply(frame({ kind: 'comment', comment: comment('c3') }));
    store.reveal(null);
    expect(roots(store)).toEqual(['c1', 'c2', 'c3']);
  });

  it('is not announced when it was removed before it was shown', () => {
    const store = loaded([comment('c1')]);
    store.apply(frame({ kind: 'comment', comment: comment('c2') }));
    store.apply(
      frame({
        kind: 'comment',
        comment: comment('c2', { state: 'removed', body: null, removal: { reason: 'spam', label: 'Spam' } }),
      }),
    );
    expect(store.pendingCount(null)).toBe(0);
    store.reveal(null);
    expect(store.nodes.get('c2')?.comment.state).toBe('removed');
  });

  it('is not taken for new when it stands on a page that was not read', () => {
    const store = loaded([comment('c9'), comment('c8')], 'cursor');
    store.apply(frame({ kind: 'comment', comment: comment('c3', { editedAt: at(20) }) }));
    expect(store.pendingCount(null)).toBe(0);
    store.append({ items: [comment('c7'), comment('c3')], next: null });
    expect(roots(store)).toEqual(['c9', 'c8', 'c7', 'c3']);
  });

  it('is recognised by its time when the order is another and its page was not read', () => {
    const store = loaded([comment('c5'), comment('c9')], 'cursor', 'top');
    store.apply(frame({ kind: 'comment', comment: comment('c3') }, { kind: 'comment', comment: comment('c10') }));
    expect(store.pendingCount(null)).toBe(1);
    expect(store.reveal(null)).toEqual(['c10']);
  });
});

describe('a reply', () => {
  const parent = (replyCount: number) => comment('c1', { replyCount });
  const reply = (id: string, over: Partial<Comment> = {}) => comment(id, { parentId: 'c1', ...over });

  it('waits at its parent and raises its count', () => {
    const store = loaded([parent(0)]);
    store.apply(frame({ kind: 'comment', comment: reply('c2'), parent: { id: 'c1', replyCount: 1 } }));
    expect(store.pendingCount('c1')).toBe(1);
    expect(store.unreadReplies(store.nodes.get('c1')!)).toBe(0);
    expect(store.reveal('c1')).toEqual(['c2']);
    expect(replies(store, 'c1')).toEqual(['c2']);
  });

  it('stands behind the unread replies until their page is read', () => {
    const preview = { items: [reply('c2'), reply('c3')], next: 'cursor' };
    const store = loaded([{ ...parent(3), replies: preview }]);
    store.apply(frame({ kind: 'comment', comment: reply('c5'), parent: { id: 'c1', replyCount: 4 } }));
    store.reveal('c1');
    const node = store.nodes.get('c1')!;
    expect(replies(store, 'c1')).toEqual(['c2', 'c3', 'c5']);
    expect(node.replies.tail).toEqual(['c5']);
    expect(store.unreadReplies(node)).toBe(1);
    store.appendReplies('c1', { items: [reply('c4'), reply('c5')], next: null });
    expect(replies(store, 'c1')).toEqual(['c2', 'c3', 'c4', 'c5']);
    expect(store.unreadReplies(node)).toBe(0);
  });

  it('is found when the replies of its parent came without a preview', () => {
    const store = loaded([parent(3)]);
    const node = store.nodes.get('c1')!;
    expect(node.replies.more).toBe(true);
    expect(store.unreadReplies(node)).toBe(3);
  });

  it('is shown with its parent when the parent is new, too', () => {
    const store = loaded([]);
    store.apply(
      frame(
        { kind: 'comment', comment: comment('c1', { replyCount: 1 }) },
        { kind: 'comment', comment: reply('c2'), parent: { id: 'c1', replyCount: 1 } },
      ),
    );
    expect(store.pendingCount(null)).toBe(1);
    store.reveal(null);
    expect(replies(store, 'c1')).toEqual(['c2']);
    expect(store.pendingCount('c1')).toBe(0);
    expect(store.nodes.get('c1')!.replies.more).toBe(false);
  });

  it('is left out when its branch was not read', () => {
    const store = loaded([parent(0)]);
    store.apply(frame({ kind: 'comment', comment: comment('c9', { parentId: 'elsewhere' }) }));
    expect(store.nodes.has('c9')).toBe(false);
  });
});

describe('a frame', () => {
  it('changes a comment in place by an edit, a removal, reactions and a new name', () => {
    const store = loaded([
      comment('c1', { replyCount: 1, replies: { items: [comment('c2', { parentId: 'c1' })], next: null } }),
    ]);
    store.apply(frame({ kind: 'comment', comment: comment('c1', { body: 'better', editedAt: at(9), replyCount: 1 }) }));
    expect(store.nodes.get('c1')?.comment.body).toBe('better');
    store.apply(frame({ kind: 'reactions', counts: [{ id: 'c1', reactions: { like: 4 } }] }));
    expect(store.nodes.get('c1')?.comment.reactions).toEqual({ like: 4 });
    store.apply(frame({ kind: 'author', author: { id: 'author-c2', displayName: 'New Name', badges: ['supporter'] } }));
    expect(store.nodes.get('c2')?.comment.author?.displayName).toBe('New Name');
    store.apply(frame({ kind: 'comment', comment: comment('c1', { state: 'removed', body: null, author: null }) }));
    expect(store.nodes.get('c1')?.comment.author).toBeNull();
    expect(replies(store, 'c1')).toEqual(['c2']);
  });

  it('removes a comment that is gone, and its parent counts one less', () => {
    const store = loaded([
      comment('c1', { replyCount: 1, replies: { items: [comment('c2', { parentId: 'c1' })], next: null } }),
    ]);
    store.apply(frame({ kind: 'gone', id: 'c2', parent: { id: 'c1', replyCount: 0 } }));
    expect(replies(store, 'c1')).toEqual([]);
    expect(store.nodes.get('c1')?.comment.replyCount).toBe(0);
    store.apply(frame({ kind: 'gone', id: 'unknown' }));
  });

  it('closes the article', () => {
    const store = loaded([]);
    store.apply(frame({ kind: 'article', article: { key: 'ferries', state: 'closed', commentCount: 0 } }));
    expect(store.article?.state).toBe('closed');
  });
});

describe('a linked comment', () => {
  it('stands first with its ancestors, and is not shown twice when its page is read', () => {
    const store = loaded([comment('c9')], 'cursor');
    const chain = { ancestors: [comment('c1', { replyCount: 3 })], comment: comment('c3', { parentId: 'c1' }) };
    const article = { key: 'ferries', url: 'https://a.example', title: '', state: 'open', commentCount: 5 } as const;
    store.addContext({ ...chain, article, previous: 'before', next: 'after', position: 10 });
    expect(roots(store)).toEqual(['c1', 'c9']);
    expect(replies(store, 'c1')).toEqual(['c3']);
    expect(store.unreadReplies(store.nodes.get('c1')!)).toBe(2);
    store.append({ items: [comment('c5'), comment('c1', { replyCount: 3 })], next: null });
    expect(roots(store)).toEqual(['c1', 'c9', 'c5']);
    store.appendReplies('c1', { items: ['c2', 'c3', 'c4'].map((id) => comment(id, { parentId: 'c1' })), next: null });
    expect(replies(store, 'c1')).toEqual(['c2', 'c3', 'c4']);
  });

  it('is revealed with its ancestors, and nothing else is', () => {
    const store = loaded([comment('c1'), comment('c2', { replyCount: 0 })]);
    const arrive = (it: Comment) => store.apply(frame({ kind: 'comment', comment: it }));
    arrive(comment('c5'));
    arrive(comment('c6', { parentId: 'c2' }));
    arrive(comment('c7', { parentId: 'c6', depth: 2 }));
    arrive(comment('c8', { parentId: 'c1' }));
    expect(replies(store, 'c2')).toEqual([]);
    expect(store.show('c7')).toEqual(['c6', 'c2']);
    expect([replies(store, 'c2'), replies(store, 'c6')]).toEqual([['c6'], ['c7']]);
    expect([store.pendingCount(null), store.pendingCount('c1')]).toEqual([1, 1]);
    expect(store.show('c7')).toEqual(['c6', 'c2']);
    expect(replies(store, 'c6')).toEqual(['c7']);
    expect(store.show('c5')).toEqual([]);
    expect(roots(store)[0]).toBe('c5');
  });
});
