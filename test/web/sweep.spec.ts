import { describe, expect, it } from '@jest/globals';
import type { Comment } from '../../web/shared/contract.js';
import type { OpenPopup, ThreadView } from '../../web/embed/comments/view.js';
import { until } from '../support/until.js';
import { FakePage } from './embed-page.js';

const page = new FakePage().install();
Object.assign(page.document, {
  createTreeWalker: () => ({}),
  createComment: () => ({}),
  createElement: () => ({ setAttribute: () => undefined }),
});
const kept = new Map<string, string>();
const events = new EventTarget();
Object.assign(globalThis, {
  localStorage: {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  },
  addEventListener: events.addEventListener.bind(events),
  removeEventListener: events.removeEventListener.bind(events),
  dispatchEvent: events.dispatchEvent.bind(events),
});
const { session } = await import('../../web/embed/common/page.js');
const { tellCount } = await import('../../web/embed/common/live-count.js');
const { CommentActions } = await import('../../web/embed/comments/actions-element.js');
const { deleteComment } = await import('../../web/embed/comments/acts.js');
const { cardButton, commentActions } = await import('../../web/embed/comments/comment-actions.js');
const { byline } = await import('../../web/embed/comments/comment-body.js');
const { chosenOrder, rememberOrder } = await import('../../web/embed/comments/order.js');
const { Conversation } = await import('../../web/embed/comments/conversation.js');
const { interaction } = await import('../../web/embed/comments/load-interaction.js');
const { ThreadStore } = await import('../../web/embed/comments/thread-store.js');
Object.assign(globalThis, { HTMLElement: globalThis.HTMLElement ?? EventTarget });
const { RostraCount } = await import('../../web/embed/count/rostra-count.js');
const { ConversationWrites } = await interaction.get();

const comment = (id: string, over: Partial<Comment> = {}): Comment => ({
  id,
  articleKey: 'ferries',
  parentId: null,
  depth: 0,
  author: { id: `author-${id}`, displayName: `Ada ${id} Lovelace`, badges: ['supporter'] },
  body: id,
  createdAt: new Date().toISOString(),
  editedAt: null,
  state: 'published',
  reactions: {},
  replyCount: 0,
  ...over,
});
const below = (id: string, parentId: string, ...replies: Comment[]): Comment =>
  comment(id, {
    parentId,
    ...(replies.length && { replyCount: replies.length, replies: { items: replies, next: null } }),
  });
const list = (...items: Comment[]) => ({
  items,
  next: null,
  article: { key: 'ferries', state: 'open' as const, commentCount: items.length },
  position: 1,
});
const account = { id: 'author-own', displayName: 'Me', role: 'reader', emailVerified: true, supporter: false } as const;

/** Returns the markup of what is drawn, with its texts. */
function markup(drawn: unknown): string {
  if (typeof drawn === 'string' || typeof drawn === 'number' || typeof drawn === 'boolean') return String(drawn);
  if (Array.isArray(drawn)) return drawn.map(markup).join('');
  const { strings, values } = (drawn ?? {}) as { strings?: string[]; values?: unknown[] };
  return strings && values ? strings.map((it, at) => it + markup(values[at])).join('') : '';
}

function viewOf(popup?: OpenPopup, over: object = {}): ThreadView {
  const talk = { liked: new Set(), following: new Set(), editWindowSeconds: 0, store: new ThreadStore(), ...over };
  const rest = { panels: new Map(), folded: new Set(), now: 0, closed: false, copied: false, isNear: () => true };
  return { talk, popup, ...rest } as unknown as ThreadView;
}

/** Draws the controls of a comment with its open menu, for the signed-in author of "own". */
function drawControls(of: Comment, over: object = {}): string {
  session.set(account);
  const drawn = markup(commentActions(viewOf({ id: of.id, kind: 'menu' }, over), of));
  session.set(null);
  return drawn;
}

describe('sweep: the controls of an own comment', () => {
  it('show its likes without a button to like it, and take back a like from before', () => {
    const reactions = { like: 3 };
    const own = drawControls(comment('own', { reactions }));
    expect(own).toContain('3 likes');
    expect(own).not.toContain('aria-pressed');
    expect(drawControls(comment('own', { reactions }), { liked: new Set(['own']) })).toContain('aria-pressed=true');
    expect(drawControls(comment('b', { reactions }))).toContain('aria-pressed=false');
  });

  it('offer its link and its deletion, but no report and nobody to follow', () => {
    const texts = ['Copy link', 'Delete', 'Report', 'Follow '];
    const offered = (of: Comment) => texts.filter((it) => drawControls(of).includes(it));
    expect(offered(comment('own'))).toEqual(['Copy link', 'Delete']);
    expect(offered(comment('b'))).toEqual(['Copy link', 'Report', 'Follow ']);
  });

  it('say at the pressed button that the link is copied', () => {
    const view = { ...viewOf({ id: 'b', kind: 'menu' }), copied: true } as ThreadView;
    expect(markup(commentActions(view, comment('b')))).toMatch(/>\s*Link copied\s*</);
  });
});

describe("sweep: the card behind an author's name", () => {
  const drawName = (popup?: OpenPopup, over: object = {}) => {
    const [view, of] = [viewOf(popup, over), comment('b')];
    return markup(byline(of.author!, cardButton(view, of)));
  };

  it('opens from the name, with the whole name, the badge and Follow', () => {
    expect(drawName()).not.toContain('Follow');
    const card = drawName({ id: 'b', kind: 'card' });
    for (const it of ['aria-expanded=true', 'Ada b Lovelace', 'Supporter', 'Follow ']) expect(card).toContain(it);
    const following = new Set(['author-b']);
    expect(drawName({ id: 'b', kind: 'card' }, { following })).toContain('Following ');
  });

  it('is not offered for oneself, nor far from the viewport', () => {
    session.set(account);
    const own = comment('own');
    expect(markup(byline(own.author!, cardButton(viewOf(), own)))).not.toContain('<button');
    session.set(null);
    const far = { ...viewOf(), isNear: () => false } as ThreadView;
    expect(markup(byline(own.author!, cardButton(far, own)))).not.toContain('<button');
  });
});

describe('sweep: a folded branch', () => {
  it('counts the replies on all levels, and has no number while some are unread', () => {
    const store = new ThreadStore();
    const chain = comment('a', {
      replyCount: 1,
      replies: { items: [below('b', 'a', below('c', 'b'), below('d', 'b'))], next: null },
    });
    const unread = comment('e', { replyCount: 1, replies: { items: [], next: 'oldest:0:1' } });
    store.load(list(chain, unread), 'newest');
    expect(['a', 'b', 'c', 'e'].map((id) => store.countBelow(id))).toEqual([3, 2, 0, undefined]);
  });
});

describe('sweep: the order of comments', () => {
  it('is the one that the reader chose before, and the newest first when the kept one is unknown', () => {
    expect(chosenOrder()).toBe('newest');
    rememberOrder('oldest');
    expect(new Conversation(() => undefined).sort).toBe('oldest');
    kept.set('rostra.order', 'loudest');
    expect(new Conversation(() => undefined).sort).toBe('newest');
    kept.clear();
  });
});

async function opened(...items: Comment[]) {
  const talk = new Conversation(() => undefined);
  const opening = talk.open({ article: 'ferries' });
  (await page.request(/sort=newest/)).answer(200, list(...items));
  await opening;
  talk.store.me = account.id;
  return talk;
}
const frame = (of: Comment) => ({ items: [{ kind: 'comment' as const, position: 2, comment: of }], commentCount: 1 });

describe('sweep: a text whose answer was lost', () => {
  const mine = (over: Partial<Comment>) => comment('own', over);

  it('is sent when its comment comes by the live updates', async () => {
    const talk = await opened();
    const writes = new ConversationWrites(talk, () => undefined);
    const arrived: string[] = [];
    const posting = writes.post('  The ferry\u200b was full. ', null, 'k1', () => arrived.push('k1') > 0);
    (await page.request(/\/comments$/)).lose();
    await expect(posting).rejects.toMatchObject({ offline: true });
    for (const it of [
      comment('x', { body: 'The ferry was full.' }),
      mine({ id: 'y', body: 'Something else.' }),
      mine({ id: 'z', body: 'The ferry was full.', createdAt: '2020-01-01T00:00:00Z' }),
    ])
      talk.store.apply(frame(it));
    writes.settle();
    expect(arrived).toEqual([]);
    talk.store.apply(frame(mine({ body: 'The ferry was full.' })));
    writes.settle();
    writes.settle();
    expect(arrived).toEqual(['k1']);
    talk.close();
  });

  it('is sent when its comment came before the request failed', async () => {
    const talk = await opened();
    const writes = new ConversationWrites(talk, () => undefined);
    const posting = writes.post('Never.', null, 'k2', () => true);
    const request = await page.request(/\/comments$/);
    talk.store.apply(frame(mine({ body: 'Never.' })));
    request.answer(502, {});
    expect((await posting).id).toBe('own');
    talk.close();
  });
});

/** The element without its drawing: `rows` stand in a list, and the last focus is kept. */
class Rows extends CommentActions {
  focused = '';
  rows = ['a', 'own', 'b'];

  constructor() {
    super();
    const find = (selector: string): object | null => {
      const id = selector.replace('#rostra-comment-', '').replace(/ .*/, '');
      const at = this.rows.indexOf(id);
      if (at < 0) return null;
      const next = this.rows[at + 1];
      return {
        id: `rostra-comment-${id}`,
        matches: () => true,
        focus: () => (this.focused = selector),
        nextElementSibling: next ? find(`#rostra-comment-${next}`) : null,
      };
    };
    Object.assign(this, { renderRoot: { querySelector: find } });
    Object.defineProperty(this, 'shadowRoot', { value: { appendChild: () => undefined } });
  }
  override get updateComplete() {
    return Promise.resolve(true);
  }
  override requestUpdate(): void {}
  override look(): boolean {
    return true;
  }
  protected override changed(): void {}
  again(): void {
    this.recover();
  }
}

describe('sweep: deleting', () => {
  it('asks with the focus on Cancel, and leaves it at the next comment', async () => {
    const element = new Rows();
    element.talk = await opened(comment('a'), comment('own'), comment('b'));
    session.set(account);
    element.toggle('own', 'delete');
    await until('the question to have the focus', () => element.focused === '#rostra-comment-own .ask .quiet');
    deleteComment(element as unknown as ThreadView, comment('own'));
    const request = await page.request(/^\/comments\/own$/);
    element.rows = ['a', 'b'];
    request.answer(200, {});
    const nothing = { from: 1, to: 1, commentCount: 2, items: [], more: false };
    (await page.request(/events/)).answer(200, nothing);
    await until('the next comment to have the focus', () => element.focused === '#rostra-comment-b');
    element.talk.close();
    session.set(null);
  });
});

describe('sweep: what failed without a network', () => {
  it('is read again and no longer complained of when the server is reached again', async () => {
    const element = new Rows();
    element.talk = await opened(comment('a'));
    const sorting = element.talk.setSort('top');
    (await page.request(/sort=top/)).lose();
    await sorting;
    element.outcomes.set('a', { text: 'You seem to be offline.', success: false, offline: true });
    element.outcomes.set('b', { text: 'Thank you.', success: true });
    element.again();
    (await page.request(/sort=top/)).answer(200, list(comment('a')));
    await until('the list to be read', () => element.talk.sort === 'top' && !element.talk.problem);
    expect([...element.outcomes.keys()]).toEqual(['b']);
    element.talk.close();
  });
});

describe('sweep: a count', () => {
  it('follows the conversation of its article on the page, whatever is still on its way', async () => {
    const element = new RostraCount();
    const shown: string[] = [];
    Object.assign(element, {
      attachShadow: () => ({ replaceChildren: (text: string) => shown.push(text) }),
      getAttribute: (name: string) => (name === 'article' ? 'ferries' : null),
      setAttribute: () => undefined,
      removeAttribute: () => undefined,
    });
    element.connectedCallback();
    const request = await page.request('/comment-counts');
    tellCount(['u-1', 'ferries'], 8);
    tellCount(['others'], 5);
    request.answer(200, { counts: { ferries: 7 } });
    await until('the answer to be read', () => new Promise<boolean>((done) => setTimeout(() => done(true), 5)));
    tellCount(['ferries'], 9);
    expect(shown.filter(Boolean)).toEqual(['8 comments', '9 comments']);
    element.disconnectedCallback();
    tellCount(['ferries'], 10);
    expect(shown.at(-1)).toBe('9 comments');
  });
});
