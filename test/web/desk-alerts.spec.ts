import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Alert, AlertText } from '../../web/desk/alerts/contract.js';
import { FakePage } from './embed-page.js';

const page = new FakePage().install();
const store = new Map<string, string>();
const sessionStorage = {
  getItem: (key: string) => store.get(key) ?? null,
  setItem: (key: string, value: string) => void store.set(key, value),
  removeItem: (key: string) => void store.delete(key),
};
Object.assign(globalThis, { sessionStorage });
Object.assign(page.document, {
  createTreeWalker: () => ({}),
  createComment: () => ({}),
  documentElement: { lang: 'en' },
});
Object.assign(globalThis, { HTMLElement: class {}, customElements: { define: () => undefined, get: () => undefined } });
const { AlertDesk, NEW } = await import('../../web/desk/alerts/alert-desk.js');
const { pressAlertKey, pressCountdownKey } = await import('../../web/desk/alerts/press-alert-key.js');
const { payloadBytes } = await import('../../web/desk/alerts/payload-size.js');
const { Notices } = await import('../../web/desk/shell/notices.js');

const TEXT: AlertText = {
  topic: 'breaking',
  title: 'Storm closes the harbour',
  body: 'Until Thursday.',
  url: 'https://post.example/storm',
  urgency: 'normal',
  ttl: 3600,
};
const NONE = { targeted: 0, accepted: 0, gone: 0, failed: 0, expired: 0, cancelled: 0 };
const alert = (more: Partial<Alert> = {}): Alert => ({
  ...TEXT,
  id: '7',
  topicName: 'Breaking news',
  state: 'draft',
  createdAt: '2026-11-22T12:00:00.000Z',
  sentAt: null,
  finishedAt: null,
  author: { id: 'e', displayName: 'Edda' },
  audience: 1204,
  bytes: 310,
  counts: NONE,
  ...more,
});
const sending = (accepted = 0): Alert =>
  alert({ state: 'sending', sentAt: '2026-11-22T12:01:00.000Z', counts: { ...NONE, targeted: 1204, accepted } });

/** Lets the page read the answers that it got, without running a timer. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
  await new Promise((done) => setImmediate(done));
};

let desk: InstanceType<typeof AlertDesk>;
let notices: InstanceType<typeof Notices>;
let refused: number;
let announced: string[];

/** Opens the alerts page for an editor, with this list. */
async function openDesk(list: Alert[] = []): Promise<void> {
  page.asked.splice(0);
  notices = new Notices();
  [refused, announced] = [0, []];
  const open = (id: string | null) => desk.show(id);
  desk = new AlertDesk(notices, {
    push: open,
    replace: open,
    announce: (text) => void announced.push(text),
    refused: () => Promise.resolve(void (refused += 1)),
  });
  desk.begin('e');
  desk.show(null);
  (await page.request(/^\/alerts\?/)).answer(200, { items: list, next: null });
  (await page.request('/topics')).answer(200, {
    items: [
      { key: 'breaking', name: 'Breaking news', description: '', signedIn: false },
      { key: 'replies', name: 'Replies to you', description: '', signedIn: true },
    ],
  });
  await settle();
}

async function openDraft(draft = alert()): Promise<void> {
  await openDesk([draft]);
  desk.show(draft.id);
  (await page.request(`/alerts/${draft.id}`)).answer(200, draft);
  await settle();
}

const write = (text: Partial<AlertText>): void => {
  for (const [field, value] of Object.entries(text)) desk.composer.set(field as 'title', value as string);
};
const words = (): string[] => notices.items.map((it) => it.text);
const requests = (path: RegExp): number => page.asked.filter((it) => path.test(it.path)).length;
const seconds = async (n: number): Promise<void> => {
  await jest.advanceTimersByTimeAsync(n * 1000);
  await settle();
};

beforeEach(() => {
  store.clear();
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
});
afterEach(() => {
  desk.end();
  jest.useRealTimers();
});

describe('writing an alert', () => {
  beforeEach(() => openDesk());

  it('offers the topics that the newsroom may send to', () => {
    expect(desk.composer.topics?.map((it) => it.key)).toEqual(['breaking']);
  });

  it('names the missing fields without asking the server', async () => {
    write({ title: ' ', url: 'post.example/storm' });
    await desk.check();
    expect(desk.composer.faults).toEqual({
      title: { kind: 'missing' },
      body: { kind: 'missing' },
      url: { kind: 'address' },
    });
    expect(requests(/^\/alerts/)).toBe(0);
    write({ title: 'Storm' });
    expect(desk.composer.faults.title).toBeUndefined();
  });

  it('counts the bytes that are sent, and refuses more than 2,000', async () => {
    const bytes = desk.composer.bytes;
    write({ title: 'é😀' });
    expect(desk.composer.bytes - bytes).toBe(6);
    expect(payloadBytes(TEXT, '7')).toBe(
      Buffer.byteLength(
        JSON.stringify({
          web_push: 8030,
          mutable: true,
          notification: {
            title: TEXT.title,
            navigate: TEXT.url,
            body: TEXT.body,
            lang: 'en',
            dir: 'auto',
            tag: 'x'.repeat(32),
            mutable: true,
            data: { id: '7', kind: 'alert' },
          },
        }),
      ),
    );
    write({ ...TEXT, body: 'é'.repeat(950) });
    expect(desk.composer.tooLong).toBe(true);
    await desk.check();
    expect(requests(/^\/alerts/)).toBe(0);
  });

  it('shows beside the address that it is on none of our sites', async () => {
    write(TEXT);
    const checked = desk.check();
    (await page.request('/alerts')).answer(400, {
      code: 'alert.foreign_url',
      errors: [{ path: 'url', message: 'must be of a site that embeds Rostra' }],
    });
    await checked;
    expect(desk.composer.faults).toEqual({ url: { kind: 'foreign' } });
  });

  it('opens the checked alert with its count, and sends nothing', async () => {
    write({ ...TEXT, title: '  Storm closes the harbour ' });
    const checked = desk.check();
    void desk.check(); // a second press while the first is under way
    const asked = await page.request('/alerts');
    expect(asked.body).toEqual(TEXT);
    asked.answer(201, alert());
    await checked;
    expect(desk.open).toMatchObject({ id: '7', audience: 1204 });
    expect(announced).toEqual(['The alert is checked. It goes to 1,204 browsers.']);
    expect(requests(/^\/alerts$|send/)).toBe(0);
  });

  it('keeps a draft over a reload for its author, and for nobody else', () => {
    write(TEXT);
    desk.begin('e');
    expect(desk.composer.text).toEqual(TEXT);
    desk.begin('f');
    expect(desk.composer.isEmpty).toBe(true);
  });

  it('puts back the text that another alert has replaced', async () => {
    write({ title: 'Half a thought' });
    await openDraft(alert());
    desk.edit();
    expect([desk.openId, desk.composer.text.title]).toEqual([NEW, TEXT.title]);
    notices.items.at(-1)!.actions[0]!.run();
    expect(desk.composer.text.title).toBe('Half a thought');
  });
});

describe('sending an alert', () => {
  beforeEach(() => openDraft());

  it('can be undone for five seconds', async () => {
    desk.send();
    desk.send();
    await seconds(4);
    expect(desk.sender.holding?.left).toBe(1);
    expect(pressCountdownKey('z', desk)).toBe(true);
    await seconds(60);
    expect(requests(/send/)).toBe(0);
    expect(words()).toEqual(['“Storm closes the harbour” was not sent. You find it in the list.']);
  });

  it('sends once after five seconds, however often send is pressed', async () => {
    desk.send();
    await seconds(5);
    desk.send();
    void desk.sender.send(desk.open!);
    (await page.request('/alerts/7/send')).answer(202, sending());
    await settle();
    desk.send();
    await seconds(10);
    expect(requests(/send/)).toBe(0);
    expect(desk.open?.state).toBe('sending');
  });

  it('sends at once when the countdown is skipped', async () => {
    desk.send();
    pressAlertKey('w', desk);
    (await page.request('/alerts/7/send')).answer(202, sending());
  });

  it('does not send to an empty audience', async () => {
    await openDraft(alert({ audience: 0 }));
    desk.send();
    expect(desk.sender.holding).toBeUndefined();
  });

  it('names the colleague who has sent the alert before', async () => {
    desk.send();
    void desk.sender.sendNow();
    (await page.request('/alerts/7/send')).answer(409, { code: 'alert.already_sent', state: 'sending' });
    (await page.request('/alerts/7')).answer(200, sending(12));
    await settle();
    expect(words()[0]).toMatch(/already sent.*written by Edda/);
    expect(desk.open?.counts.accepted).toBe(12);
  });

  it('reads the alert when the answer is lost, and shows it as sent if it was', async () => {
    desk.send();
    void desk.sender.sendNow();
    (await page.request('/alerts/7/send')).lose();
    (await page.request('/alerts/7')).answer(200, sending(3));
    await settle();
    expect([desk.open?.state, words()]).toEqual(['sending', []]);
  });

  it('says that it does not know when that answer is lost too, and offers to try again', async () => {
    desk.send();
    void desk.sender.sendNow();
    (await page.request('/alerts/7/send')).lose();
    (await page.request('/alerts/7')).lose();
    await settle();
    expect(words()[0]).toMatch(/may or may not have been sent/);
    notices.items[0]!.actions[0]!.run();
    (await page.request('/alerts/7/send')).answer(202, sending());
    await settle();
    expect([desk.open?.state, words()]).toEqual(['sending', []]);
  });

  it('sends nothing after a sign-out, and tells the editor who returns', async () => {
    desk.send();
    desk.end();
    await seconds(60);
    expect(requests(/send/)).toBe(0);
    expect(desk.unsentTitle).toBe(TEXT.title);
    desk.begin('e');
    expect(words()[0]).toMatch(/was not sent because you were signed out/);
  });

  it('reads the session when the server refuses it', async () => {
    desk.send();
    void desk.sender.sendNow();
    (await page.request('/alerts/7/send')).answer(401, { code: 'session.required' });
    await settle();
    expect([refused, desk.unsentTitle]).toEqual([1, TEXT.title]);
  });
});

describe('an alert that is being sent', () => {
  beforeEach(async () => {
    await openDraft(sending(100));
  });

  it('shows new counts, and never older ones', async () => {
    const refreshed = desk.refresh();
    (await page.request(/^\/alerts\?/)).answer(200, { items: [sending(700)], next: null });
    await refreshed;
    expect(desk.open?.counts.accepted).toBe(700);
    const late = desk.store.read('7');
    (await page.request('/alerts/7')).answer(200, sending(300));
    await late;
    expect(desk.open?.counts.accepted).toBe(700);
  });

  it('reads the counts every two seconds without a live event, until the alert is finished', async () => {
    await seconds(2);
    (await page.request(/^\/alerts\?/)).answer(200, { items: [sending(400)], next: null });
    await settle();
    await seconds(2);
    const done = { ...sending(1204), state: 'sent' as const, finishedAt: '2026-11-22T12:01:04.000Z' };
    (await page.request(/^\/alerts\?/)).answer(200, { items: [done], next: null });
    await settle();
    expect(desk.open?.state).toBe('sent');
    await seconds(60);
    expect(requests(/^\/alerts/)).toBe(0);
  });

  it('stops the alert and shows what had been sent', async () => {
    pressAlertKey('x', desk);
    const stopped = { ...sending(), state: 'cancelled' as const };
    stopped.counts = { ...NONE, targeted: 1204, accepted: 500, cancelled: 704 };
    (await page.request('/alerts/7/cancel')).answer(200, stopped);
    await settle();
    expect(desk.open?.state).toBe('cancelled');
    expect(announced).toEqual(['The alert was stopped.']);
  });

  it('says when the alert was stopped too late', async () => {
    void desk.stop();
    (await page.request('/alerts/7/cancel')).answer(200, { ...sending(1204), state: 'sent', finishedAt: TEXT.url });
    await settle();
    expect(words()).toEqual(['The alert had already been sent to all browsers before it could be stopped.']);
  });
});

describe('the list of alerts', () => {
  it('reads page by page, and puts new alerts on top', async () => {
    await openDesk();
    const item = (id: string) => alert({ id });
    const refreshed = desk.store.refresh();
    (await page.request(/^\/alerts\?/)).answer(200, { items: [item('9'), item('8')], next: 'id:0:8' });
    await refreshed;
    const older = desk.store.older();
    const asked = await page.request(/^\/alerts\?/);
    expect(asked.path).toContain(`after=${encodeURIComponent('id:0:8')}`);
    asked.answer(200, { items: [item('6'), item('5')], next: null });
    await older;
    const again = desk.store.refresh();
    (await page.request(/^\/alerts\?/)).answer(200, { items: [item('10'), item('9')], next: 'id:0:9' });
    await again;
    expect(desk.store.items.map((it) => it.id)).toEqual(['10', '9', '8', '6', '5']);
  });
});
