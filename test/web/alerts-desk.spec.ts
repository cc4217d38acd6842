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
const { pressAlertKey } = await import('../../web/desk/alerts/press-alert-key.js');
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

/** Lets what was answered be read: promises only, no timer. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
  await new Promise((done) => setImmediate(done));
};

let desk: InstanceType<typeof AlertDesk>;
let notices: InstanceType<typeof Notices>;
let refused: number;
let spoken: string[];

/** An editor at the desk, in the room of alerts. */
async function sitDown(list: Alert[] = []): Promise<void> {
  page.asked.splice(0);
  notices = new Notices();
  [refused, spoken] = [0, []];
  const open = (id: string | null) => desk.show(id);
  desk = new AlertDesk(notices, {
    visit: open,
    go: open,
    speak: (text) => void spoken.push(text),
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
  await sitDown([draft]);
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
  desk.leave();
  jest.useRealTimers();
});

describe('writing an alert', () => {
  beforeEach(() => sitDown());

  it('offers the topics that the newsroom may send to', () => {
    expect(desk.composer.topics?.map((it) => it.key)).toEqual(['breaking']);
  });

  it('names what is missing, and asks the server for nothing', async () => {
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

  it('counts bytes as they are sent, and stops above 2,000', async () => {
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

  it('says at the address that it is on none of our sites', async () => {
    write(TEXT);
    const checked = desk.check();
    (await page.request('/alerts')).answer(400, {
      code: 'alert.foreign_url',
      errors: [{ path: 'url', message: 'must be of a site that embeds Rostra' }],
    });
    await checked;
    expect(desk.composer.faults).toEqual({ url: { kind: 'foreign' } });
  });

  it('opens what was checked, with its count, and sends nothing', async () => {
    write({ ...TEXT, title: '  Storm closes the harbour ' });
    const checked = desk.check();
    void desk.check(); // a second press while the first is under way
    const asked = await page.request('/alerts');
    expect(asked.body).toEqual(TEXT);
    asked.answer(201, alert());
    await checked;
    expect(desk.open).toMatchObject({ id: '7', audience: 1204 });
    expect(spoken).toEqual(['Checked. It goes to 1,204 browsers.']);
    expect(requests(/^\/alerts$|send/)).toBe(0);
  });

  it('keeps a draft over a reload for the one who wrote it, and for nobody else', () => {
    write(TEXT);
    desk.begin('e');
    expect(desk.composer.text).toEqual(TEXT);
    desk.begin('f');
    expect(desk.composer.isEmpty).toBe(true);
  });

  it('puts back what another alert has replaced', async () => {
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

  it('waits five seconds in which it can be undone', async () => {
    desk.send();
    desk.send();
    await seconds(4);
    expect(desk.dispatch.holding?.left).toBe(1);
    expect(pressAlertKey('z', desk, false)).toBe(true);
    await seconds(60);
    expect(requests(/send/)).toBe(0);
    expect(words()).toEqual(['Not sent: Storm closes the harbour. It waits in the list.']);
  });

  it('goes once when they are over, however often it is asked', async () => {
    desk.send();
    await seconds(5);
    desk.send();
    void desk.dispatch.send(desk.open!);
    (await page.request('/alerts/7/send')).answer(202, sending());
    await settle();
    desk.send();
    await seconds(10);
    expect(requests(/send/)).toBe(0);
    expect(desk.open?.state).toBe('sending');
  });

  it('goes at once where nobody wants to wait', async () => {
    desk.send();
    pressAlertKey('w', desk, true);
    (await page.request('/alerts/7/send')).answer(202, sending());
  });

  it('is not sent to nobody', async () => {
    await openDraft(alert({ audience: 0 }));
    desk.send();
    expect(desk.dispatch.holding).toBeUndefined();
  });

  it('tells who was first where it was sent before', async () => {
    desk.send();
    void desk.dispatch.go();
    (await page.request('/alerts/7/send')).answer(409, { code: 'alert.already_sent', state: 'sending' });
    (await page.request('/alerts/7')).answer(200, sending(12));
    await settle();
    expect(words()[0]).toMatch(/sent already.*written by Edda/);
    expect(desk.open?.counts.accepted).toBe(12);
  });

  it('looks whether it went when the answer is lost, and takes it for sent only then', async () => {
    desk.send();
    void desk.dispatch.go();
    (await page.request('/alerts/7/send')).lose();
    (await page.request('/alerts/7')).answer(200, sending(3));
    await settle();
    expect([desk.open?.state, words()]).toEqual(['sending', []]);
  });

  it('admits that it does not know where even that is lost, and asks again', async () => {
    desk.send();
    void desk.dispatch.go();
    (await page.request('/alerts/7/send')).lose();
    (await page.request('/alerts/7')).lose();
    await settle();
    expect(words()[0]).toMatch(/it may have gone or not/);
    notices.items[0]!.actions[0]!.run();
    (await page.request('/alerts/7/send')).answer(202, sending());
    await settle();
    expect([desk.open?.state, words()]).toEqual(['sending', []]);
  });

  it('goes in nobody’s name after a signing out, and says so to the one who comes back', async () => {
    desk.send();
    desk.leave();
    await seconds(60);
    expect(requests(/send/)).toBe(0);
    expect(desk.unsent).toBe(TEXT.title);
    desk.begin('e');
    expect(words()[0]).toMatch(/Not sent, since you were signed out/);
  });

  it('asks who sits here where the server refuses the session', async () => {
    desk.send();
    void desk.dispatch.go();
    (await page.request('/alerts/7/send')).answer(401, { code: 'session.required' });
    await settle();
    expect([refused, desk.unsent]).toEqual([1, TEXT.title]);
  });
});

describe('an alert on its way', () => {
  beforeEach(async () => {
    await openDraft(sending(100));
  });

  it('shows hints as they come, and never goes back', async () => {
    const told = desk.told();
    (await page.request(/^\/alerts\?/)).answer(200, { items: [sending(700)], next: null });
    await told;
    expect(desk.open?.counts.accepted).toBe(700);
    const late = desk.store.read('7');
    (await page.request('/alerts/7')).answer(200, sending(300));
    await late;
    expect(desk.open?.counts.accepted).toBe(700);
  });

  it('is read every two seconds where no hint comes, until it is over', async () => {
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

  it('stops, and says what had gone', async () => {
    pressAlertKey('x', desk, true);
    const stopped = { ...sending(), state: 'cancelled' as const };
    stopped.counts = { ...NONE, targeted: 1204, accepted: 500, cancelled: 704 };
    (await page.request('/alerts/7/cancel')).answer(200, stopped);
    await settle();
    expect(desk.open?.state).toBe('cancelled');
    expect(spoken).toEqual(['Stopped.']);
  });

  it('admits that the word to stop came too late', async () => {
    void desk.stop();
    (await page.request('/alerts/7/cancel')).answer(200, { ...sending(1204), state: 'sent', finishedAt: TEXT.url });
    await settle();
    expect(words()).toEqual(['All of it had gone before the word to stop arrived.']);
  });
});

describe('past alerts', () => {
  it('come page by page, and what is new goes on top', async () => {
    await sitDown();
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
