import { afterAll, describe, expect, it } from '@jest/globals';
import { FakePage } from './embed-page.js';

const page = new FakePage().install();

/** Plays a browser that refuses all cookies, as Firefox does: it has every interface, and each throws when it is used. */
const refuse = (): never => {
  throw new DOMException('The operation is insecure.', 'SecurityError');
};
class RefusedChannel {
  constructor() {
    refuse();
  }
}
const refused = ['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'cookieStore'];
for (const name of refused) Object.defineProperty(globalThis, name, { configurable: true, get: refuse });
Object.defineProperty(page.document, 'cookie', { get: refuse, set: refuse });
Object.assign(globalThis, { BroadcastChannel: RefusedChannel });
// An insecure context has neither of these two.
const crypto = { getRandomValues: globalThis.crypto.getRandomValues.bind(globalThis.crypto) };
Object.defineProperty(globalThis, 'crypto', { configurable: true, value: crypto });

describe('talk: a browser that refuses storage', () => {
  afterAll(() => refused.forEach((it) => Reflect.deleteProperty(globalThis, it)));

  it('loads every module of embed and desk that holds a capability', async () => {
    const { PageSession } = await import('../../web/shared/page/session.js');
    expect(() => new PageSession()).not.toThrow();
    (await page.request('/session')).answer(200, { account: null });
    await import('../../web/embed/account/followed-feed.js');
    await import('../../web/desk/moderation/unsaved-decisions.js');
    await import('../../web/desk/alerts/draft.js');
    const { readKeysOn } = await import('../../web/desk/shell/keys.js');
    expect(readKeysOn()).toBe(true);
  });

  it('reads a conversation, also without a key of its own', async () => {
    const { Conversation } = await import('../../web/embed/comments/conversation.js');
    const talk = new Conversation(() => undefined);
    const opening = talk.open({});
    (await page.request('/articles')).answer(201, { key: 'u-here' });
    const article = { key: 'u-here', state: 'open', commentCount: 0 };
    (await page.request(/u-here/)).answer(200, { items: [], next: null, article, position: 0 });
    await opening;
    expect([talk.status, talk.key]).toEqual(['ready', 'u-here']);
    talk.close();
  });

  it('keeps drafts in memory, and has a fresh key for each text', async () => {
    const { newKey } = await import('../../web/shared/api.js');
    const { Drafts } = await import('../../web/embed/comments/drafts.js');
    const drafts = new Drafts(() => localStorage);
    drafts.write('here', { text: 'Half a thought' });
    expect(drafts.read('here').text).toBe('Half a thought');
    const keys = Array.from({ length: 50 }, newKey);
    expect(new Set(keys).size).toBe(50);
    for (const key of keys)
      expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
