import { afterAll, describe, expect, it } from '@jest/globals';
import type { Comment, FrameItem } from '../../web/shared/contract.js';
import type { ThreadView } from '../../web/embed/comments/view.js';
import { FakePage } from './embed-page.js';

/** Counts the formatters that are made from here on, by their kind. */
const made: string[] = [];
const kinds = [
  'NumberFormat',
  'DateTimeFormat',
  'RelativeTimeFormat',
  'PluralRules',
  'ListFormat',
  'Segmenter',
] as const;
const originals = kinds.map((it) => Intl[it]);
for (const kind of kinds) {
  const make = {
    construct: (target: object, args: unknown[]) => (made.push(kind), Reflect.construct(target as never, args)),
  };
  Object.assign(Intl, { [kind]: new Proxy(Intl[kind], make as never) });
}
afterAll(() => kinds.forEach((it, at) => Object.assign(Intl, { [it]: originals[at] })));

const page = new FakePage().install();
Object.assign(page.document, { createTreeWalker: () => ({}), createComment: () => ({}) });
const { noChange } = await import('lit');
const { siblings } = await import('../../web/embed/comments/comment-view.js');
const { Row, row, RowMap } = await import('../../web/embed/comments/row.js');
const { ThreadStore } = await import('../../web/embed/comments/thread-store.js');
const { fullTime, relativeTime, translator } = await import('../../web/shared/strings/translate.js');
const { countGraphemes, listFormat } = await import('../../web/shared/strings/formats.js');
const { formatMoney, marksOf } = await import('../../web/shared/money.js');

describe('tab: the formatters of a page', () => {
  it('are made once for a language when a thousand comments are drawn', () => {
    const t = translator({ n: { one: '{n} like', other: '{n} likes' } });
    const draw = (n: number) => {
      const iso = new Date(Date.UTC(2026, 10, 30, 12) - n * 36_000_000).toISOString();
      t('n', { n });
      for (const locale of ['en', 'de']) {
        relativeTime(iso, Date.UTC(2026, 10, 30, 13), locale);
        formatMoney({ amount: 1_050 + n, currency: 'eur' }, 2, locale);
        marksOf('eur', locale);
      }
      fullTime(iso);
      listFormat('en').format(['a', 'b']);
      countGraphemes('👩‍👩‍👧');
    };
    for (let n = 0; n < 1_000; n += 1) draw(n);
    const counts = Object.fromEntries(kinds.map((kind) => [kind, made.filter((it) => it === kind).length]));
    expect(counts).toEqual({
      // In English the plain one; in each language the amounts with and without decimals, and two signs.
      NumberFormat: 9,
      // In each language the day and the day with its year; in that of the page the full time.
      DateTimeFormat: 5,
      RelativeTimeFormat: 2,
      PluralRules: 1,
      ListFormat: 1,
      Segmenter: 1,
    });
  });
});

/** Draws a view without a browser. It keeps the rows as Lit does, and lists those that were drawn anew. */
class Drawing {
  #drawn: string[] = [];
  readonly #rows = new Map<string, InstanceType<typeof Row>>();

  draw(value: unknown): string[] {
    this.#drawn = [];
    this.#visit(value, '');
    return this.#drawn.sort();
  }

  #visit(value: unknown, place: string): void {
    if (value === noChange || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) return value.forEach((it, at) => this.#visit(it, `${place},${at}`));
    const { values = [], _$litDirective$: kind } = value as { values?: unknown[]; _$litDirective$?: unknown };
    if (kind === Row) {
      const kept = this.#rows.get(place) ?? new Row({ type: 2 } as never);
      this.#rows.set(place, kept);
      const result = kept.update(undefined, values as never);
      if (result !== noChange) this.#drawn.push(place.split('/').at(-1)!);
      return this.#visit(result, place);
    }
    // A list; other directives draw nothing of their own.
    if (kind && Array.isArray(values[0])) {
      const [items, key, draw] = values as [string[], (id: string) => string, (id: string) => unknown];
      return items.forEach((it) => this.#visit(draw(it), `${place}/${key(it)}`));
    }
    values.forEach((it, at) => this.#visit(it, `${place},${at}`));
  }
}

const reply = (id: string, parentId: string | null, author = `author-${id}`): Comment => ({
  id,
  articleKey: 'ferries',
  parentId,
  depth: parentId ? 1 : 0,
  author: { id: author, displayName: author, badges: [] },
  body: `text of ${id}`,
  createdAt: '2026-11-30T12:00:00Z',
  editedAt: null,
  state: 'published',
  reactions: {},
  replyCount: 0,
});

/** A conversation of three comments; the first has two replies, and one of them has one. */
function opened() {
  const store = new ThreadStore();
  const article = { key: 'ferries', state: 'open', commentCount: 6 } as const;
  const a1 = { ...reply('a1', 'a'), replyCount: 1, replies: { items: [reply('a11', 'a1')], next: null } };
  const a = { ...reply('a', null), replyCount: 2, replies: { items: [a1, reply('a2', 'a')], next: null } };
  store.load({ article, items: [a, reply('b', null), reply('c', null)], next: 'more', position: 1 }, 'newest');
  const touch = (id: string) => store.touch(id);
  const view = {
    talk: { reading: new Set(), liked: new Set(), following: new Set(), editWindowSeconds: 0, name: 'ferries', store },
    panels: new RowMap<string>(touch),
    outcomes: new RowMap(touch),
    folded: new Set(),
    closed: false,
    now: 0,
    isNear: () => true,
    watchRow: () => undefined,
  } as unknown as ThreadView;
  const drawing = new Drawing();
  const draw = () => drawing.draw(row(store.revision, () => siblings(view, store.roots, 0, null as never)));
  const apply = (...items: object[]) =>
    store.apply({ commentCount: 6, items: items.map((it, at) => ({ ...it, position: at + 2 }) as FrameItem) });
  draw();
  return { store, view, draw, apply };
}

describe('tab: a redraw', () => {
  it('draws the changed row and those above it when a frame brings likes, an edit or a deletion', () => {
    const { draw, apply } = opened();
    apply({ kind: 'reactions', counts: [{ id: 'a11', reactions: { like: 1 } }] });
    expect(draw()).toEqual(['', 'a', 'a1', 'a11']);
    apply({ kind: 'comment', comment: { ...reply('b', null), body: 'better' } });
    expect(draw()).toEqual(['', 'b']);
    apply({ kind: 'gone', id: 'a2', parent: { id: 'a', replyCount: 1 } });
    expect(draw()).toEqual(['', 'a']);
  });

  it('draws nothing when a frame repeats what is known', () => {
    const { draw, apply } = opened();
    apply({ kind: 'comment', comment: reply('b', null) }, { kind: 'reactions', counts: [{ id: 'c', reactions: {} }] });
    expect(draw()).toEqual([]);
  });

  it('draws no known row when sixty comments arrive, and only theirs when they are revealed', () => {
    const { store, draw, apply } = opened();
    const ids = Array.from({ length: 60 }, (_, at) => `new${at}`);
    for (const id of ids) {
      apply({ kind: 'comment', comment: { ...reply(id, null), createdAt: '2026-11-30T12:05:00Z' } });
      expect(draw()).toEqual(['']);
    }
    store.reveal(null);
    expect(draw()).toEqual(['', ...ids].sort());
  });

  it('draws the rows of a page that was read, and no other', () => {
    const { store, draw } = opened();
    store.append({ items: [reply('d', null), reply('e', null)], next: null });
    expect(draw()).toEqual(['', 'd', 'e']);
  });

  it("draws a reader's rows and the replies to them when the name changes", () => {
    const { draw, apply } = opened();
    apply({ kind: 'author', author: { id: 'author-a1', displayName: 'New', badges: [] } });
    expect(draw()).toEqual(['', 'a', 'a1', 'a11']);
  });

  it('draws a row when something opens at it, and all when another reader signs in', () => {
    const { store, view, draw } = opened();
    view.panels.set('c', 'reply');
    expect(draw()).toEqual(['', 'c']);
    store.touchAll();
    expect(draw()).toEqual(['', 'a', 'a1', 'a11', 'a2', 'b', 'c']);
  });
});
