import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CommentsPage } from '../../web/shared/contract.js';
import { FakePage } from './embed-page.js';

const page = new FakePage().install();
const { Conversation } = await import('../../web/embed/comments/conversation.js');
const { addressOf, canonicalUrl } = await import('../../web/embed/common/article-key.js');

const list = (key: string): CommentsPage => ({
  items: [],
  next: null,
  article: { key, state: 'open', commentCount: 0 },
  position: 0,
});

/** Shows another story without a load: its address, its canonical link and its title. */
function move(path: string, canonical?: string, title = ''): void {
  Object.assign(globalThis, { location: new URL(path, 'https://post.example') });
  const element = (name: string, value: string) => ({ getAttribute: (it: string) => (it === name ? value : null) });
  page.document.querySelector = ((selector: string) => {
    if (selector.includes('canonical')) return canonical ? element('href', canonical) : null;
    return title ? element('content', title) : null;
  }) as () => null;
}

type Name = Parameters<InstanceType<typeof Conversation>['isOf']>[0];
let talks: InstanceType<typeof Conversation>[] = [];
const open = (name: Name) => {
  const talk = new Conversation(() => undefined);
  talks.push(talk);
  return { talk, opening: talk.open(name) };
};

describe('talk: a conversation and the story that the page shows', () => {
  beforeEach(() => move('/a'));
  afterEach(() => talks.splice(0).forEach((it) => it.close()));

  it('part when the address, the canonical link or an attribute names another story', async () => {
    const { talk, opening } = open({});
    (await page.request(/sort=newest/)).answer(200, list('u-a'));
    await opening;
    expect(talk.isOf({})).toBe(true);
    move('/a?utm_source=mail#top');
    expect(talk.isOf({})).toBe(true);
    move('/a', 'https://post.example/b');
    expect(talk.isOf({})).toBe(false);
    move('/b');
    expect(talk.isOf({})).toBe(false);
    expect(talk.isOf({ url: '/a' })).toBe(true);
    move('/a');
    expect([talk.isOf({ article: 'a' }), talk.isOf({ url: '/b' }), talk.isOf({})]).toEqual([false, false, true]);
  });

  it('stay together under a key when only the address changes', async () => {
    const { talk, opening } = open({ article: 'kept' });
    (await page.request(/kept.*sort=newest/)).answer(200, list('kept'));
    await opening;
    move('/kept/photos');
    expect([talk.isOf({ article: 'kept' }), talk.isOf({ article: 'other' }), talk.isOf({})]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('do not share the address when a key that Rostra does not know follows another on the same page', async () => {
    move('/first', undefined, 'First');
    const first = open({ article: 'first' });
    (await page.request(/first.*sort=newest/)).answer(404, {});
    const asked = await page.request('/articles');
    expect(asked.body).toEqual({ url: 'https://post.example/first', title: 'First' });
    asked.answer(201, { key: 'u-first' });
    (await page.request(/u-first/)).answer(200, list('u-first'));
    await first.opening;

    const second = open({ article: 'second' });
    (await page.request(/second.*sort=newest/)).answer(404, {});
    await second.opening;
    await expect(second.talk.ensureExists()).rejects.toMatchObject({ code: 'article.not_found' });
    expect(page.asked.filter((it) => it.method === 'POST')).toEqual([]);

    move('/second');
    expect(second.talk.isOf({ article: 'second' })).toBe(false);
    expect(addressOf({ article: 'second' })).toBe('https://post.example/second');
    expect(addressOf({ article: 'first' })).toBe('https://post.example/first');
  });

  it('production: register an article whose list says that no page has done so, and read again', async () => {
    move('/unknown', undefined, 'Unknown');
    const { talk, opening } = open({ article: 'unknown' });
    (await page.request(/unknown.*sort=newest/)).answer(200, { ...list('unknown'), registered: false });
    await opening;
    expect([talk.status, talk.refusal]).toEqual(['ready', undefined]);
    (await page.request('/articles')).answer(201, { key: 'u-unknown' });
    (await page.request(/u-unknown/)).answer(200, list('u-unknown'));
    await talk.ensureExists();
    expect(talk.key).toBe('u-unknown');
  });

  it('lead to a linked comment when the article is registered under another key', async () => {
    move('/linked', undefined, 'Linked');
    const { talk, opening } = open({ article: 'linked' });
    (await page.request(/linked.*sort=newest/)).answer(200, { ...list('linked'), registered: false });
    await opening;
    const leading = talk.loadLinked('1');
    const registration = await page.request('/articles');
    expect(page.asked.filter(({ path }) => path.includes('/context'))).toEqual([]);
    registration.answer(201, { key: 'u-linked' });
    (await page.request(/u-linked.*sort=newest/)).answer(200, list('u-linked'));
    const comment = { id: '1', articleKey: 'u-linked', parentId: null, depth: 0, author: null, state: 'deleted' };
    (await page.request('/comments/1/context')).answer(200, {
      article: list('u-linked').article,
      ancestors: [],
      comment: { ...comment, reactions: {}, replyCount: 0, createdAt: '2026-11-22T12:00:00Z' },
      position: 1,
    });
    expect(await leading).toBeUndefined();
  });

  it('are not told the title of the next story when the page moves on before the first comment', async () => {
    move('/quiet', undefined, 'A quiet story');
    const { opening } = open({});
    const first = await page.request(/sort=newest/);
    move('/loud', undefined, 'A loud story');
    first.answer(404, {});
    await opening;
    expect((await page.request('/articles')).body).toEqual({ url: 'https://post.example/quiet', title: '' });
  });
});

describe('talk: the address of a page', () => {
  const of = (href: string, at: string) =>
    canonicalUrl({ querySelector: () => ({ getAttribute: () => href, textContent: '' }) }, at);
  it.each([
    ['http://post.example/a?id=5#x', 'https://post.example/a?id=5&utm=1', 'https://post.example/a?id=5'],
    ['http://post.example:8080/a', 'https://post.example/a', 'https://post.example/a'],
    ['https://post.example/a', 'http://post.example/a', 'http://post.example/a'],
    ['https://www.post.example/a', 'https://post.example/a', 'https://www.post.example/a'],
    ['https://[broken', 'https://post.example/b?x=1', 'https://post.example/b'],
  ])('is of its own origin when the canonical link is %s and the page %s', (link, at, expected) => {
    expect(of(link, at)).toBe(expected);
  });

  it("resolves a canonical link against the page's <base>", () => {
    const link = { getAttribute: () => 'a', textContent: '', baseURI: 'https://post.example/news/' };
    expect(canonicalUrl({ querySelector: () => link }, 'https://post.example/')).toBe('https://post.example/news/a');
  });
});
