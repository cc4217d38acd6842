import { beforeAll, describe, expect, it } from '@jest/globals';
import { FakePage } from './embed-page.js';

const page = new FakePage().install();
const { live, session } = await import('../../web/embed/common/page.js');
const { DeskSession } = await import('../../web/desk/shell/session.js');

const ada = { id: 'a', displayName: 'Ada', role: 'reader' as const, emailVerified: true, supporter: false };
const ask = () => page.request('/session');

describe("the page's session", () => {
  beforeAll(async () => {
    live.start();
    const first = await ask();
    // The page is shown again before the first answer, so there is no socket yet.
    page.document.dispatchEvent(new Event('visibilitychange'));
    expect(page.sockets).toHaveLength(0);
    first.answer(200, { account: null });
    await session.ready;
  });

  it('opens one socket after its first answer', () => expect(page.sockets).toHaveLength(1));

  it('production: is not asked for again when the socket connects, but when it connects anew', async () => {
    const connect = (socket = page.sockets.at(-1)!) => {
      socket.receive('0{"sid":"x","pingInterval":25000,"pingTimeout":20000}');
      socket.receive('40{"sid":"x"}');
    };
    connect();
    await new Promise((done) => setTimeout(done));
    expect(page.asked.map((it) => it.path)).toEqual([]);
    page.sockets[0]!.onclose?.();
    page.document.dispatchEvent(new Event('visibilitychange'));
    await new Promise((done) => setTimeout(done));
    connect();
    (await ask()).answer(200, { account: null });
  });

  it('drops an answer to a request from before a change, and asks again', async () => {
    const looking = session.refresh();
    const old = await ask();
    session.set(ada);
    old.answer(200, { account: null });
    (await ask()).answer(200, { account: ada });
    await looking;
    expect(session.account).toEqual(ada);
  });

  it('asks again when a change comes while a request is in progress', async () => {
    const looking = session.refresh();
    const old = await ask();
    const received = session.refresh();
    old.answer(200, { account: ada });
    (await ask()).answer(200, { account: null });
    await Promise.all([looking, received]);
    expect(session.account).toBeNull();
  });

  it('talk: knows whose words the page may show, also after a session merely ended', async () => {
    session.set(ada);
    session.set(null); // the session expired, and the same reader is still here
    expect(session.owner).toBe('a');
    session.set({ ...ada, id: 'b' });
    expect(session.owner).toBe('b');
    const leaving = session.signOut();
    (await ask()).answer(204, undefined);
    await leaving;
    expect([session.owner, session.account]).toEqual([null, null]);
  });

  it('of the desk is not replaced by an older answer', async () => {
    const desk = new DeskSession();
    const looking = desk.refresh();
    const old = await ask();
    desk.set({ ...ada, role: 'moderator' });
    old.answer(200, { account: null });
    (await ask()).answer(200, { account: { ...ada, role: 'moderator' } });
    await looking;
    expect(desk.access).toBe('staff');
  });
});
