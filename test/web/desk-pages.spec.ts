import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Account } from '../../web/shared/contract.js';
import type { CreatePages, DeskPage, PageView, Shell } from '../../web/desk/shell/page.js';
import { FakePage } from './embed-page.js';

const page = new FakePage().install();
const window = Object.assign(new EventTarget(), {
  matchMedia: () => Object.assign(new EventTarget(), { matches: false }),
});
const location = { hash: '', href: 'https://post.example/desk' };
const go = (_: unknown, __: string, hash: string) => void (location.hash = hash);
const storage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
Object.assign(globalThis, {
  window,
  location,
  history: { replaceState: go, pushState: go },
  sessionStorage: storage,
  localStorage: storage,
});
Object.assign(page.document, { createTreeWalker: () => ({}), createComment: () => ({}) });
Object.assign(globalThis, {
  HTMLElement: class {},
  HTMLInputElement: class {},
  HTMLTextAreaElement: class {},
  HTMLSelectElement: class {},
  HTMLDialogElement: class {},
  customElements: { define: () => undefined, get: () => undefined },
});
class FakeSocket {
  static opened: FakeSocket | undefined;
  onmessage: ((event: { data: string }) => void) | null = null;
  constructor() {
    FakeSocket.opened = this;
  }
  receive(data: string): void {
    this.onmessage?.({ data });
  }
  send(): void {}
  close(): void {}
}
Object.assign(globalThis, { WebSocket: FakeSocket });
const { html } = await import('lit');
const { Desk } = await import('../../web/desk/shell/desk.js');
const { deskPages } = await import('../../web/desk/desk-pages.js');
const { keyGroups } = await import('../../web/desk/shell/keys.js');
const { mainPart } = await import('../../web/desk/shell/main.view.js');
const { navigation } = await import('../../web/desk/shell/nav.view.js');
const { duration, statisticsRows } = await import('../../web/desk/moderation/views/statistics.view.js');
const { pressKey } = await import('../../web/desk/shell/press-key.js');

/** A page that the desk has never seen: it records what the shell asks of it. */
class PollsPage implements DeskPage {
  readonly name = 'polls';
  readonly label = 'Reader polls';
  readonly styles = [];
  readonly keys = { title: 'Polls', rows: [[['P'], 'Close the poll']] } as const;
  readonly events = { queue: async () => void this.calls.push('event') };
  readonly calls: string[] = [];
  count: string | undefined = '3 open';
  waiting = 3;
  draft = false;

  constructor(readonly shell: Shell) {}

  get blocksUnload(): boolean {
    return this.draft;
  }
  get unsaved(): string[] {
    return this.draft ? ['Your poll is not saved yet.'] : [];
  }
  isOpenTo({ role }: Account): boolean {
    return role === 'editor';
  }
  begin({ id }: Account): void {
    this.calls.push(`begin ${id}`);
  }
  end(): void {
    this.calls.push('end');
  }
  async refresh(): Promise<void> {
    this.calls.push('refresh');
  }
  enter(id: string | null): void {
    this.calls.push(`enter ${id}`);
  }
  leave(): void {
    this.calls.push('leave');
  }
  step(by: 1 | -1): void {
    this.calls.push(`step ${by}`);
  }
  press(key: string): boolean {
    if (key === 'p') this.calls.push('press p');
    return key === 'p';
  }
  view(): PageView {
    return {
      list: html`<p>The list of polls</p>`,
      back: 'Back to the polls',
      heading: 'Which ferry?',
      body: html`<p>The open poll</p>`,
      aside: { label: 'Votes', content: html`` },
      actions: html`<button>Close</button>`,
      bare: false,
    };
  }
}

const account = (role: Account['role'], id = 'e'): Account => ({
  id,
  displayName: 'Edda',
  role,
  emailVerified: true,
  supporter: false,
});

/** All strings of a template, with those of the templates within it. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join('');
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  const template = value as { strings?: readonly string[]; values?: unknown[] } | null;
  if (!template?.strings) return '';
  return template.strings.map((it, at) => it + textOf(template.values?.[at])).join('');
}

/** Lets the session answer, whereupon the desk opens its socket, and connects that. */
async function connected(): Promise<FakeSocket> {
  FakeSocket.opened = undefined;
  while (!FakeSocket.opened) {
    for (const it of page.asked.splice(0)) if (it.path === '/session') it.answer(200, { account: account('editor') });
    await new Promise((done) => setImmediate(done));
  }
  const socket = FakeSocket.opened as FakeSocket;
  socket.receive('0{}');
  socket.receive('40');
  return socket;
}

/** Presses a key that nobody types into a field. */
function press(desk: InstanceType<typeof Desk>, key: string): void {
  const event = Object.assign(new Event('keydown'), { key, composedPath: () => [] });
  pressKey(event as unknown as KeyboardEvent, {
    desk,
    keysOn: true,
    openArticle: () => undefined,
    showKeys: () => undefined,
  });
}

describe('a page that is added to the list', () => {
  let desk: InstanceType<typeof Desk>;
  let polls: PollsPage;

  beforeEach(() => {
    location.hash = '';
    page.asked.length = 0;
    const pages: CreatePages = (shell) => [...deskPages(shell), (polls = new PollsPage(shell))];
    desk = new Desk(pages, () => undefined);
    desk.start();
    desk.session.set(account('editor'));
    polls.calls.length = 0;
  });
  afterEach(() => desk.stop());

  it('appears in the navigation with its count', () => {
    const nav = textOf(navigation(desk, { onKeys: () => undefined, onSignOut: () => undefined }));
    expect(nav).toMatch(/href=#polls[^>]*>\s*<span>Reader polls<\/span><i>3 open<\/i>/);
  });

  it('is opened and left by its addresses', () => {
    desk.visit('#polls/7');
    expect([desk.route, desk.page]).toEqual([{ page: 'polls', id: '7' }, polls]);
    polls.shell.replace('polls', '8');
    desk.visit('#decisions');
    expect(polls.calls).toEqual(['enter 7', 'enter 8', 'leave']);
  });

  it('draws its list, its entry and its buttons', () => {
    desk.visit('#polls/7');
    const view = polls.view();
    expect(textOf(view.list)).toContain('The list of polls');
    const drawn = textOf(mainPart(desk, view));
    for (const part of ['Which ferry?', 'The open poll', 'Votes', '<button>Close</button>', 'href=#polls '])
      expect(drawn).toContain(part);
  });

  it('adds its keys to the help, and gets them while it is in view', () => {
    expect(keyGroups(desk.openPages).map((it) => it.title)).toEqual([
      'Everywhere',
      'Comments',
      'Waiting comments',
      'Alerts',
      'Settings',
      'Polls',
    ]);
    press(desk, 'p');
    desk.visit('#polls');
    press(desk, 'p');
    press(desk, 'j');
    expect(polls.calls).toEqual(['enter null', 'press p', 'step 1']);
  });

  it('gets its live events while somebody who may use it is signed in', async () => {
    const socket = await connected();
    socket.receive('42["queue"]');
    desk.session.set(account('moderator', 'm'));
    socket.receive('42["queue"]');
    expect(polls.calls).toEqual(['event', 'end']);
  });

  it('begins with each account, is read then, and ends with the session', () => {
    desk.session.set(account('editor', 'f'));
    desk.session.set(account('reader', 'f'));
    expect(polls.calls).toEqual(['begin f', 'refresh', 'end']);
  });

  it('is hidden from those who may not use it', () => {
    desk.session.set(account('moderator'));
    desk.visit('#polls/7');
    expect([desk.route.page, desk.openPages.includes(polls)]).toEqual(['reported', false]);
    expect(polls.calls).toEqual(['end']);
  });

  it('keeps the tab open, and is named on the sign-in form, while it has unsaved work', () => {
    const close = () => {
      const event = new Event('beforeunload', { cancelable: true });
      window.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(close()).toBe(false);
    polls.draft = true;
    expect(close()).toBe(true);
    expect(desk.unsaved).toEqual(['Your poll is not saved yet.']);
  });
});

describe('sweep: an empty queue', () => {
  const numbers = {
    days: 7,
    comments: { count: 1_404, lastDay: 212 },
    decisions: { count: 31, medianSecondsInQueue: 1_490 },
    subscribers: { active: 3_120, added: 44 },
    gifts: [
      { currency: 'usd', count: 12, amount: 41_050 },
      { currency: 'gbp', count: 1, amount: 1_000 },
    ],
  };
  const words = (value: unknown) =>
    textOf(value)
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ');
  const shown = (...parts: RegExp[]) => parts.map((it) => it.source).join('.*');
  const expected = new RegExp(
    shown(
      /The last 7 days/,
      /Comments a day 201 212 in the last 24 hours/,
      /Median time in the queue 25 minutes for 31 reported comments that were decided/,
      /Browsers that get alerts 3,120 44 are new/,
      /Payments of gifts 13 \$410\.50, £10/,
    ),
  );

  it('shows the numbers of the last days in the list and beside it, until the session ends', async () => {
    location.hash = '#reported';
    page.asked.length = 0;
    const desk = new Desk(deskPages, () => undefined);
    desk.start();
    try {
      desk.session.set(account('moderator'));
      (await page.request(/statistics/)).answer(200, numbers);
      (await page.request(/queues\/reported/)).answer(200, { items: [], next: null, total: 0 });
      const parts = () => [desk.page.view().list, mainPart(desk, desk.page.view())].map(words);
      while (!parts().every((it) => it.includes('Comments a day'))) await new Promise((done) => setImmediate(done));
      for (const part of parts()) expect(part).toMatch(expected);
      desk.session.set(null);
      for (const part of parts()) expect(part).not.toMatch(/Comments a day/);
    } finally {
      desk.stop();
    }
  });

  it.each([
    [20, '1 minute'],
    [5_400, '90 minutes'],
    [10_800, '3 hours'],
    [400_000, '5 days'],
  ])('writes a median of %d seconds as %s', (seconds, text) => expect(duration(seconds)).toBe(text));

  it('shows a dash when nothing was decided, and says when nothing was given', () => {
    const nothing = { ...numbers, decisions: { count: 0, medianSecondsInQueue: null }, gifts: [] };
    const capped = { ...nothing, subscribers: { active: 100_000, added: 1 } };
    expect(statisticsRows(capped).slice(1)).toEqual([
      ['Median time in the queue', '–', 'for 0 reported comments that were decided'],
      ['Browsers that get alerts', '100,000 or more', '1 is new'],
      ['Payments of gifts', '0', 'Nothing was given.'],
    ]);
  });
});
