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
    // Shown again while the first answer is still on its way: nothing to listen with yet.
    page.document.dispatchEvent(new Event('visibilitychange'));
    expect(page.sockets).toHaveLength(0);
    first.answer(200, { account: null });
    await session.ready;
  });

  it('opens one socket, after its first answer', () => expect(page.sockets).toHaveLength(1));

  it('drops an answer that was asked for before it changed, and asks again', async () => {
    const looking = session.refresh();
    const old = await ask();
    session.set(ada);
    old.answer(200, { account: null });
    (await ask()).answer(200, { account: ada });
    await looking;
    expect(session.account).toEqual(ada);
  });

  it('asks again for whoever hears of a change while an answer is on its way', async () => {
    const looking = session.refresh();
    const old = await ask();
    const received = session.refresh();
    old.answer(200, { account: ada });
    (await ask()).answer(200, { account: null });
    await Promise.all([looking, received]);
    expect(session.account).toBeNull();
  });

  it('of the desk is not undone by an older answer either', async () => {
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
