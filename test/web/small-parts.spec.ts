import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { derivedKey } from '../../web/embed/common/article-key.js';
import { HIDDEN_MS, nextDelay } from '../../web/shared/page/backoff.js';
import { Drafts } from '../../web/embed/comments/drafts.js';
import { baseOf } from '../../web/shared/origin.js';
import { ApiProblem, retryAfter } from '../../web/shared/problem.js';
import { en } from '../../web/shared/strings/en.js';
import { problemText, relativeTime, translator } from '../../web/shared/strings/translate.js';

describe("an article's derived key", () => {
  it('is u- and 22 characters of the SHA-256 of its address without the fragment', async () => {
    const url = 'https://post.example/stories/ferries?page=2';
    const expected = `u-${createHash('sha256').update(url).digest('base64url').slice(0, 22)}`;
    expect(await derivedKey(`${url}#rostra-comment-7`)).toBe(expected);
    expect(expected).toHaveLength(24);
  });
});

describe('the base address', () => {
  it.each([
    ['https://talk.example/embed.js', 'https://talk.example/'],
    ['https://talk.example/chunks/dialog-a1.js?v=2', 'https://talk.example/'],
    ['https://post.example/engage/embed.js', 'https://post.example/engage/'],
    ['http://localhost:3000/assets/desk-b2.js', 'http://localhost:3000/'],
  ])('of the script %s is %s', (script, base) => expect(baseOf(script)).toBe(base));
});

describe('the delay before the next request', () => {
  const middle = () => 0.5;
  it('is short while the page is visible, long while it is hidden, and grows after failures', () => {
    expect(nextDelay({ hidden: false, failures: 0 }, 2000, middle)).toBe(2000);
    expect(nextDelay({ hidden: true, failures: 0 }, 2000, middle)).toBe(HIDDEN_MS);
    expect(nextDelay({ hidden: false, failures: 3 }, 2000, middle)).toBe(16_000);
    expect(nextDelay({ hidden: false, failures: 30 }, 2000, middle)).toBe(60_000);
  });

  it('is random, and never shorter than the server asked for', () => {
    expect(nextDelay({ hidden: false, failures: 0 }, 2000, () => 0)).toBe(1600);
    expect(nextDelay({ hidden: false, failures: 0, retryAfterSeconds: 30 }, 2000, () => 0)).toBe(30_000);
    expect(nextDelay({ hidden: false, failures: 0, retryAfterSeconds: 30 }, 2000, () => 1)).toBe(36_000);
  });

  it('reads Retry-After in seconds or as a date', () => {
    expect(retryAfter('7')).toBe(7);
    expect(retryAfter('Sun, 01 Nov 2026 12:00:10 GMT', Date.UTC(2026, 10, 1, 12, 0, 0))).toBe(10);
    expect(retryAfter('soon')).toBeUndefined();
    expect(retryAfter(null)).toBeUndefined();
  });
});

describe('a draft', () => {
  const storage = () => {
    const map = new Map<string, string>();
    return {
      map,
      getItem: (key: string) => map.get(key) ?? null,
      setItem: (key: string, value: string) => void map.set(key, value),
      removeItem: (key: string) => void map.delete(key),
    };
  };

  it('is kept with the key under which it was sent, and is deleted when it is empty', () => {
    const store = storage();
    const drafts = new Drafts(() => store);
    drafts.write('ferries', { text: 'Half a thought', key: 'k1' });
    expect(new Drafts(() => store).read('ferries')).toEqual({ text: 'Half a thought', key: 'k1' });
    drafts.clear('ferries');
    expect(store.map.size).toBe(0);
    expect(drafts.read('ferries')).toEqual({ text: '' });
  });

  it('talk: belongs to its writer, goes along when they sign in, and lists the replies that were begun', () => {
    const { map, ...items } = storage();
    const store = {
      ...items,
      get length() {
        return map.size;
      },
      key: (index: number) => [...map.keys()][index] ?? null,
    };
    const drafts = new Drafts(() => store);
    drafts.write('ferries', { text: 'Signed out' });
    drafts.write('ferries', { text: 'Of Ann', key: 'k1' }, '1');
    drafts.write('ferries/7', { text: 'To Ben', to: 'Ben' }, '1');
    drafts.write('ferries-north/8', { text: 'Elsewhere' }, '1');
    drafts.write('ferries/9', { text: 'Of Cat' }, '11');
    expect(drafts.read('ferries', '2')).toEqual({ text: '' });
    drafts.write('ferries/6/edit', { text: 'Better words' }, '1');
    expect(drafts.begun('ferries', '1')).toEqual([
      { name: 'ferries/7', id: '7', panel: 'reply', to: 'Ben' },
      { name: 'ferries/6/edit', id: '6', panel: 'edit', to: '' },
    ]);
    expect(drafts.begun('ferries', null)).toEqual([]);
    drafts.move('ferries', null, 'ferries', '1');
    expect(drafts.read('ferries', '1')).toEqual({ text: 'Of Ann\n\nSigned out' });
    expect(drafts.read('ferries')).toEqual({ text: '' });
    // A reply under one key is not the comment of an article whose key reads alike.
    drafts.write('ferries.7', { text: 'A story of its own' }, '1');
    expect(drafts.read('ferries/7', '1').text).toBe('To Ben');
  });

  it('stays in memory when the browser forbids storage, and ignores broken storage', () => {
    const drafts = new Drafts(() => {
      throw new Error('denied');
    });
    drafts.write('ferries', { text: 'Half a thought' });
    expect(drafts.read('ferries')).toEqual({ text: 'Half a thought' });
    const store = storage();
    store.map.set('rostra.draft.x', '{"text":7}');
    expect(new Drafts(() => store).read('x')).toEqual({ text: '' });
    store.map.set('rostra.draft.x', 'not json');
    expect(new Drafts(() => store).read('x')).toEqual({ text: '' });
  });
});

describe('words', () => {
  it('take parameters, and the plural form of their number', () => {
    const t = translator({ pill: { one: '{n} new comment', other: '{n} new comments' }, hi: 'Hello {name}, {what}' });
    expect([0, 1, 2, 1200].map((n) => t('pill', { n }))).toEqual([
      '0 new comments',
      '1 new comment',
      '2 new comments',
      '1,200 new comments',
    ]);
    expect(t('hi', { name: '{what}' })).toBe('Hello {what}, {what}');
  });

  it('describe a problem by its code, else its status, else in general', () => {
    const text = (status: number, code?: string) => problemText(en, new ApiProblem(status, code ? { code } : {}, 30));
    expect(text(409, 'article.closed')).toContain('closed');
    expect(text(429, 'rate.limited')).toContain('30 seconds');
    expect(text(403, 'some.new.code')).toContain(en['error.http.403']);
    expect(text(500)).toContain(en['error.generic']);
  });

  it('describe a time relative to now', () => {
    const now = Date.UTC(2026, 10, 22, 12, 0, 0);
    const ago = (seconds: number) => relativeTime(new Date(now - seconds * 1000).toISOString(), now, 'en');
    expect([5, 60 * 5, 3600 * 2, 86_400, 86_400 * 30, -10].map(ago)).toEqual([
      'now',
      '5m ago',
      '2h ago',
      'yesterday',
      'Oct 23',
      'now',
    ]);
    expect(ago(86_400 * 400)).toContain('2025');
  });
});
