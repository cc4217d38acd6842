import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { HeldCase } from '../../web/desk/moderation/contract.js';
import type { DeskNotice } from '../../web/desk/shell/notices.js';
import { FakePage } from './embed-page.js';

const page = new FakePage().install();
Object.assign(page.document, { createTreeWalker: () => ({}), createComment: () => ({}) });
Object.assign(globalThis, { HTMLElement: class {}, customElements: { define: () => undefined, get: () => undefined } });
const { HeldDesk } = await import('../../web/desk/moderation/held/held-desk.js');
const { heldLink } = await import('../../web/desk/moderation/held/held.view.js');
const { UNDO_MS } = await import('../../web/desk/moderation/held/pending-decisions.js');
const { Notices } = await import('../../web/desk/shell/notices.js');

const createdAt = '2026-11-22T12:00:00.000Z';
const item = (id: string, over: Partial<HeldCase> = {}): HeldCase => ({
  id,
  body: `Text ${id}`,
  rule: 'held.everyone',
  why: 'Here a moderator reads each comment before it is public.',
  createdAt,
  state: 'held',
  commentId: null,
  article: { key: 'k', url: 'https://post.example/ferries', title: 'Ferries' },
  ancestors: [],
  author: {
    id: 'w',
    displayName: 'Wim',
    badges: [],
    joinedAt: createdAt,
    bannedAt: null,
    commentCount: 0,
    removedCount: 0,
  },
  decision: null,
  ...over,
});

describe('the waiting comments at the desk', () => {
  let desk: InstanceType<typeof HeldDesk>;
  let notices: InstanceType<typeof Notices>;
  let refused: number;

  const settled = () => new Promise((done) => setImmediate(done));
  const answerQueue = async (...items: HeldCase[]): Promise<void> => {
    (await page.request(/moderation\/held\?/)).answer(200, { items, next: null, total: items.length });
    await settled();
  };
  const ids = () => desk.queue.waiting.map((it) => it.id);
  const said = (): DeskNotice => notices.items.at(-1)!;
  const sent = () => page.asked.filter((it) => it.path.endsWith('/decisions'));

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'Date', 'performance', 'queueMicrotask'] });
    page.asked.splice(0);
    refused = 0;
    notices = new Notices();
    desk = new HeldDesk(notices.of('held'), {
      show: (id) => desk.open(id),
      refused: () => Promise.resolve(void (refused += 1)),
    });
    void desk.queue.refresh();
    await answerQueue(item('1'), item('2'), item('3'));
    desk.open('2');
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('opens the next one at once and sends the decision after the time to undo it', async () => {
    desk.decide({ action: 'approve' });
    expect([ids(), desk.openId, desk.queue.total, said().text]).toEqual([
      ['1', '3'],
      '3',
      2,
      'Wim’s comment is approved.',
    ]);
    jest.advanceTimersByTime(UNDO_MS - 1);
    expect(sent()).toEqual([]);
    jest.advanceTimersByTime(1);
    const request = await page.request(/held\/2\/decisions/);
    expect([request.body, request.headers['idempotency-key']]).toEqual([{ action: 'approve' }, expect.any(String)]);
    request.answer(201, item('2', { state: 'approved' }));
    await answerQueue(item('1'), item('3'));
    expect([ids(), notices.items, desk.canUndo]).toEqual([['1', '3'], [], false]);
  });

  it('takes decisions back one after another, as if they had never been', () => {
    desk.decide({ action: 'approve' });
    desk.decide({ action: 'reject', reason: 'other', note: 'No.' });
    expect([ids(), desk.undo(), ids(), desk.openId]).toEqual([['1'], true, ['1', '3'], '3']);
    expect([desk.undo(), ids(), desk.openId, desk.undo()]).toEqual([true, ['1', '2', '3'], '2', false]);
    jest.advanceTimersByTime(10 * UNDO_MS);
    expect([sent(), notices.items]).toEqual([[], []]);
  });

  it('sends what waits to be sent when the moderator leaves the page', () => {
    desk.decide({ action: 'approve' });
    desk.decide({ action: 'reject', reason: 'spam' });
    desk.flush();
    expect(sent().map((it) => it.body)).toEqual([{ action: 'approve' }, { action: 'reject', reason: 'spam' }]);
    jest.advanceTimersByTime(UNDO_MS);
    expect(sent()).toHaveLength(2);
  });

  it('says that a colleague was faster, and leaves the text off the list', async () => {
    desk.decide({ action: 'approve' });
    desk.flush();
    (await page.request(/decisions/)).answer(409, { code: 'moderation.already_decided' });
    await answerQueue(item('1'), item('3'));
    expect([ids(), said().tone, said().text]).toEqual([['1', '3'], 'plain', expect.stringContaining('was faster')]);
  });

  it.each([
    [503, 'database.unavailable', 0],
    [401, 'session.required', 1],
  ])('puts the text back and says so when the answer is %d', async (status, code, asked) => {
    desk.decide({ action: 'approve' });
    desk.flush();
    const first = await page.request(/decisions/);
    first.answer(status, { code });
    await answerQueue(item('1'), item('2'), item('3'));
    expect([ids(), said().tone, refused]).toEqual([['1', '2', '3'], 'warn', asked]);
    const [retry] = said().actions;
    expect(retry !== undefined).toBe(status === 503);
    retry?.run();
    expect(ids()).toEqual(status === 503 ? ['1', '3'] : ['1', '2', '3']);
  });

  it('leads to the comment that it became, to the one that it answers, or to the article', () => {
    const root = { id: '7' } as HeldCase['ancestors'][number];
    expect(
      [item('1'), item('1', { ancestors: [root] }), item('1', { commentId: '9', ancestors: [root] })].map(heldLink),
    ).toEqual([
      'https://post.example/ferries',
      'https://post.example/ferries#rostra-comment-7',
      'https://post.example/ferries#rostra-comment-9',
    ]);
    expect(heldLink(item('1', { article: { key: 'k', url: 'javascript:alert(1)', title: '' } }))).toBeUndefined();
  });
});
