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

describe('the base', () => {
  it.each([
    ['https://talk.example/embed.js', 'https://talk.example/'],
    ['https://talk.example/chunks/dialog-a1.js?v=2', 'https://talk.example/'],
    ['https://post.example/engage/embed.js', 'https://post.example/engage/'],
    ['http://localhost:3000/assets/desk-b2.js', 'http://localhost:3000/'],
  ])('of %s is %s', (script, base) => expect(baseOf(script)).toBe(base));
});

describe('asking again', () => {
  const middle = () => 0.5;
  it('is quick while somebody looks, seldom while nobody does, later after failures', () => {
    expect(nextDelay({ hidden: false, failures: 0 }, 2000, middle)).toBe(2000);
    expect(nextDelay({ hidden: true, failures: 0 }, 2000, middle)).toBe(HIDDEN_MS);
    expect(nextDelay({ hidden: false, failures: 3 }, 2000, middle)).toBe(16_000);
    expect(nextDelay({ hidden: false, failures: 30 }, 2000, middle)).toBe(60_000);
  });

  it('is spread, and never before the server said', () => {
    expect(nextDelay({ hidden: false, failures: 0 }, 2000, () => 0)).toBe(1600);
    expect(nextDelay({ hidden: false, failures: 0, retryAfterSeconds: 30 }, 2000, () => 0)).toBe(30_000);
    expect(nextDelay({ hidden: false, failures: 0, retryAfterSeconds: 30 }, 2000, () => 1)).toBe(36_000);
  });

  it('Retry-After comes in seconds or as a date', () => {
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

  it('is kept with the key under which it was sent, and leaves nothing behind', () => {
    const store = storage();
    const drafts = new Drafts(() => store);
    drafts.write('ferries', { text: 'Half a thought', key: 'k1' });
    expect(new Drafts(() => store).read('ferries')).toEqual({ text: 'Half a thought', key: 'k1' });
    drafts.clear('ferries');
    expect(store.map.size).toBe(0);
    expect(drafts.read('ferries')).toEqual({ text: '' });
  });

  it('stays in memory where the browser forbids storage, and survives nonsense in it', () => {
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
  it('fill in, and take the plural of their number', () => {
    const t = translator({ pill: { one: '{n} new comment', other: '{n} new comments' }, hi: 'Hello {name}, {what}' });
    expect([0, 1, 2, 1200].map((n) => t('pill', { n }))).toEqual([
      '0 new comments',
      '1 new comment',
      '2 new comments',
      '1,200 new comments',
    ]);
    expect(t('hi', { name: '{what}' })).toBe('Hello {what}, {what}');
  });

  it('tell a problem by its code, then its status, then at all', () => {
    const text = (status: number, code?: string) => problemText(en, new ApiProblem(status, code ? { code } : {}, 30));
    expect(text(409, 'article.closed')).toContain('closed');
    expect(text(429, 'rate.limited')).toContain('30 seconds');
    expect(text(403, 'some.new.code')).toContain(en['error.http.403']);
    expect(text(500)).toContain(en['error.generic']);
  });

  it('tell time as a reader would', () => {
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
