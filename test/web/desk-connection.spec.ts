import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakePage, type FakeSocket } from './embed-page.js';

class FakeChannel extends EventTarget {
  static readonly all = new Set<FakeChannel>();
  constructor() {
    super();
    FakeChannel.all.add(this);
  }
  postMessage(): void {}
}

const page = new FakePage().install();
Object.assign(globalThis, { BroadcastChannel: FakeChannel });
const { PageLive } = await import('../../web/shared/page/live.js');
const { PageSession } = await import('../../web/shared/page/session.js');

const mo = { id: 'm', displayName: 'Mo', role: 'moderator' as const, emailVerified: true, supporter: false };
const POLL_MS = 3_000;
const REAUTHENTICATE_MS = 30_000;

/** Lets promises settle. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 3; i += 1) await new Promise((done) => setImmediate(done));
};
const pass = async (ms: number): Promise<void> => {
  await jest.advanceTimersByTimeAsync(ms);
  await settle();
};
const tickets = () => page.asked.filter((it) => it.path === '/session/socket-ticket').length;
const auths = (socket: FakeSocket) => socket.sent.filter((it) => it.includes('"auth"'));

jest.setTimeout(5_000);

describe('the connection of a page that needs an account', () => {
  let live: InstanceType<typeof PageLive>;
  let socket: FakeSocket;
  let states: string[];
  let reads: number;

  const answerSession = async (account: typeof mo | null = mo): Promise<void> => {
    // An answer that was overtaken by a later reason to ask is asked for again.
    do {
      (await page.request(/^\/session$/)).answer(200, { account });
      await settle();
    } while (page.asked.some(({ path }) => path === '/session'));
  };
  const answerTicket = async (): Promise<void> => {
    await pass(1);
    (await page.request('/session/socket-ticket')).answer(201, { ticket: 'a-ticket-of-twenty-characters' });
    await settle();
  };
  const acknowledge = async (answer: object = { ok: true }): Promise<void> => {
    const [, id] = /^42(\d+)/.exec(auths(socket).at(-1)!)!;
    socket.receive(`43${id}${JSON.stringify([answer])}`);
    await settle();
  };

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    jest.spyOn(Math, 'random').mockReturnValue(0.5); // no spread
    page.asked.splice(0);
    page.sockets.splice(0);
    FakeChannel.all.clear();
    [states, reads] = [[], 0];
    live = new PageLive(new PageSession(), {
      signals: ['queue', 'alert'],
      pollMs: POLL_MS,
      reauthenticateMs: REAUTHENTICATE_MS,
    });
    live.onChange(() => states.push(live.state));
    live.on('queue', () => (reads += 1));
    await answerSession();
    socket = page.sockets[0]!;
    socket.receive('40');
    await settle();
  });
  afterEach(() => {
    live.stop();
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('is live as soon as the server has acknowledged the ticket, and not before', async () => {
    await answerTicket();
    expect([live.state, reads]).toEqual(['connecting', 0]);
    await acknowledge();
    expect([live.state, reads]).toEqual(['live', 1]);
  });

  it('reads by polling while no ticket is accepted, and is live with the first one that is', async () => {
    for (let i = 0; i < 5; i += 1) {
      await pass(1_000);
      await answerTicket();
      await acknowledge({ ok: false, code: 'ticket.invalid' });
    }
    await answerSession();
    expect([live.state, reads]).toEqual(['polling', 1]);
    await pass(POLL_MS);
    await answerSession();
    expect([live.state, reads]).toEqual(['polling', 2]);
    await answerTicket();
    await acknowledge();
    expect(states).toEqual(['polling', 'live']);
  });

  it('authenticates and reads again every thirty seconds', async () => {
    await answerTicket();
    await acknowledge();
    await pass(REAUTHENTICATE_MS - 1);
    expect(auths(socket)).toHaveLength(1);
    await pass(1);
    await answerSession();
    await answerTicket();
    await acknowledge();
    expect([auths(socket).length, reads, states]).toEqual([2, 3, ['live']]);
  });

  it('authenticates again when another tab announces a new session of the same account', async () => {
    await answerTicket();
    await acknowledge();
    for (const channel of FakeChannel.all)
      channel.dispatchEvent(Object.assign(new Event('message'), { data: 'session' }));
    await answerSession();
    await answerTicket();
    await acknowledge();
    expect([auths(socket).length, states]).toEqual([2, ['live']]);
  });

  it('stops reading and asks for no ticket once the account has signed out', async () => {
    await answerTicket();
    await acknowledge();
    socket.receive('42["session",{"account":null}]');
    await answerSession(null);
    await pass(POLL_MS * 3);
    expect([live.state, tickets()]).toEqual(['live', 0]);
    expect(page.asked).toEqual([]);
  });

  it('leaves no timer and no request behind when it is stopped', async () => {
    live.stop();
    page.asked.splice(0);
    await pass(REAUTHENTICATE_MS * 2);
    expect(page.asked.filter(({ path }) => path === '/session')).toEqual([]);
  });
});
