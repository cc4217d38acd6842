import { describe, expect, it } from '@jest/globals';
import type { Case } from '../../web/desk/moderation/contract.js';
import type { DeskPage } from '../../web/desk/shell/page.js';
import { FakePage } from './embed-page.js';

const page = new FakePage().install();
const window = Object.assign(new EventTarget(), {
  matchMedia: () => Object.assign(new EventTarget(), { matches: false }),
});
const location = { hash: '#/reported', href: 'https://post.example/desk' };
const setHash = (_: unknown, __: string, hash: string) => void (location.hash = hash);
const history = { replaceState: setHash, pushState: setHash };
const sessionStorage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
Object.assign(globalThis, { window, location, history, sessionStorage, localStorage: sessionStorage });
Object.assign(page.document, { createTreeWalker: () => ({}), createComment: () => ({}) });
Object.assign(globalThis, { HTMLElement: class {}, customElements: { define: () => undefined, get: () => undefined } });
const { Desk } = await import('../../web/desk/shell/desk.js');
const { Moderation } = await import('../../web/desk/moderation/moderation.js');
const { reasons } = await import('../../web/desk/moderation/reasons.js');
const { why } = await import('../../web/desk/moderation/words.js');
const { ReportedPage } = await import('../../web/desk/moderation/reported-page.js');

const author = { id: 'w', displayName: 'Wim', badges: [] };
const createdAt = '2026-11-22T12:00:00.000Z';
const item = (id: string, revision: number): Case => ({
  comment: {
    id,
    revision,
    articleKey: 'k',
    parentId: null,
    depth: 0,
    author,
    body: id,
    createdAt,
    editedAt: null,
    state: 'published',
    reactions: {},
    replyCount: 0,
  },
  article: { key: 'k', url: 'https://post.example/', title: '' },
  ancestors: [],
  reports: [],
  author: { ...author, joinedAt: createdAt, bannedAt: null, commentCount: 1, removedCount: 0 },
  decisions: [],
});

/** A page of the desk that has nothing to do with comments. */
const otherPage: DeskPage = {
  name: 'other',
  label: 'Other',
  styles: [],
  keys: { title: '', rows: [] },
  events: {},
  isOpenTo: () => true,
  refresh: async () => undefined,
  enter: () => undefined,
  step: () => undefined,
  press: () => false,
  view: () => {
    throw new Error('never drawn');
  },
};

describe('retrying a decision', () => {
  it('sends the revision that was decided, though the text has changed since', async () => {
    let moderation!: InstanceType<typeof Moderation>;
    const desk = new Desk(
      (shell) => {
        moderation = new Moderation(shell);
        return [new ReportedPage(moderation)];
      },
      () => undefined,
    );
    const { queue, actions } = moderation;
    desk.session.account = { id: 'm', displayName: 'Mo', role: 'moderator', emailVerified: true, supporter: false };
    const refreshed = queue.refresh();
    (await page.request(/queues\/reported/)).answer(200, { items: [item('c1', 1)], next: null, total: 1 });
    await refreshed;
    moderation.show('c1');
    const decided = actions.decide({ action: 'remove', reason: 'spam' });
    const first = await page.request(/decisions/);
    first.lose();
    await decided;
    (await page.request(/queues\/reported/)).answer(200, { items: [item('c1', 2)], next: null, total: 1 });
    while (queue.find('c1')?.comment.revision !== 2) await new Promise((done) => setImmediate(done));
    const retry = desk.notices.items.flatMap((it) => it.actions).at(-1)!;
    retry.run();
    const second = await page.request(/decisions/);
    expect([first.body, second.body]).toEqual(Array(2).fill({ action: 'remove', reason: 'spam', revision: 1 }));
  });
});

describe('the reasons at the desk', () => {
  it('are those of the article’s site, and old ones keep their words', async () => {
    expect([reasons.choices('https://post.example/a'), why('spam')]).toEqual([['other'], '…']);
    const read = reasons.refresh();
    (await page.request(/moderation\/reasons/)).answer(200, {
      sites: [
        {
          site: null,
          origins: [],
          choices: ['spam', 'other'],
          labels: { spam: 'Spam', other: 'Other', old: 'Long Ago' },
        },
        { site: 'evening', origins: ['https://eve.example'], choices: ['other'], labels: { spam: 'Werbung' } },
      ],
    });
    await read;
    expect(reasons.choices('https://post.example/a')).toEqual(['spam', 'other']);
    expect(reasons.choices('https://eve.example/a')).toEqual(['other']);
    const words = [
      why('spam', 'https://eve.example/a'),
      why('spam'),
      why('old', 'https://eve.example/a'),
      why('never'),
    ];
    expect(words).toEqual(['Werbung', 'Spam', 'Long Ago', 'never']);
  });
});

describe('the notice of a decision', () => {
  it('stays with its view, and an undo is offered only for a removal', async () => {
    let moderation!: InstanceType<typeof Moderation>;
    const desk = new Desk(
      (shell) => {
        moderation = new Moderation(shell);
        return [new ReportedPage(moderation), otherPage];
      },
      () => undefined,
    );
    const { queue, actions } = moderation;
    desk.session.account = { id: 'm', displayName: 'Mo', role: 'moderator', emailVerified: true, supporter: false };
    const refreshed = queue.refresh();
    const items = ['c1', 'c2'].map((id) => item(id, 1));
    (await page.request(/queues\/reported/)).answer(200, { items, next: null, total: 2 });
    await refreshed;
    desk.visit('#reported/c1');
    const visible = () => desk.notices.visible.map(({ tone }) => tone);
    // The answer comes after the moderator has gone to another page, with an error that stays.
    const removed = actions.decide({ action: 'remove', reason: 'spam' });
    const request = await page.request(/decisions/);
    desk.visit('#other');
    request.lose();
    await removed;
    expect(visible()).toEqual([]);
    desk.visit('#reported/c2');
    expect(visible()).toEqual(['warn']);
    expect(actions.sender.canUndo).toBe(false);
    const kept = actions.decide({ action: 'keep' });
    (await page.request(/decisions/)).answer(201, { decision: {}, comment: {} });
    await kept;
    expect([visible(), actions.sender.canUndo]).toEqual([['good'], false]);
    moderation.show('c1');
    const again = actions.decide({ action: 'remove', reason: 'spam' });
    (await page.request(/decisions/)).answer(201, { decision: {}, comment: {} });
    await again;
    expect(actions.sender.canUndo).toBe(true);
    const undone = actions.undo();
    const restored = await page.request(/decisions/);
    expect(restored.body).toMatchObject({ action: 'restore' });
    restored.answer(201, { decision: {}, comment: {} });
    await undone;
    expect([visible(), actions.sender.canUndo]).toEqual([['good'], false]);
  });
});
