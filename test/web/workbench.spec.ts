import { describe, expect, it } from '@jest/globals';
import type { Case } from '../../web/desk/moderation/contract.js';
import { FakePage } from './embed-page.js';

const page = new FakePage().install();
const window = Object.assign(new EventTarget(), {
  matchMedia: () => Object.assign(new EventTarget(), { matches: false }),
});
const location = { hash: '#/reported', href: 'https://post.example/desk' };
const history = { replaceState: (_: unknown, __: string, hash: string) => void (location.hash = hash) };
const sessionStorage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
Object.assign(globalThis, { window, location, history, sessionStorage, localStorage: sessionStorage });
Object.assign(page.document, { createTreeWalker: () => ({}), createComment: () => ({}) });
Object.assign(globalThis, { HTMLElement: class {}, customElements: { define: () => undefined, get: () => undefined } });
const { Workbench } = await import('../../web/desk/desk-pages.js');

const item = (id: string, revision: number) =>
  ({
    comment: { id, revision, articleKey: 'k', parentId: null, depth: 0, body: id, state: 'published', author: null },
    article: { key: 'k', url: 'https://post.example/', title: null },
    ancestors: [],
    reports: [],
    author: null,
    decisions: [],
  }) as unknown as Case;

describe('a second try of a decision', () => {
  it('sends the revision that was judged, though the text has changed since', async () => {
    const work = new Workbench(() => undefined);
    work.session.account = { id: 'm', displayName: 'Mo', role: 'moderator', emailVerified: true, supporter: false };
    const refreshed = work.queue.refresh();
    (await page.request(/queues\/reported/)).answer(200, { items: [item('c1', 1)], next: null, total: 1 });
    await refreshed;
    work.go('c1');
    const judged = work.judging.judge({ action: 'remove', reason: 'spam' });
    const first = await page.request(/decisions/);
    first.lose();
    await judged;
    (await page.request(/queues\/reported/)).answer(200, { items: [item('c1', 2)], next: null, total: 1 });
    while (work.queue.find('c1')?.comment.revision !== 2) await new Promise((done) => setImmediate(done));
    const again = work.notices.items.flatMap((it) => it.actions).at(-1)!;
    again.run();
    const second = await page.request(/decisions/);
    expect([first.body, second.body]).toEqual(Array(2).fill({ action: 'remove', reason: 'spam', revision: 1 }));
  });
});
