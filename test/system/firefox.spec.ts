import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LiveGateway } from '../../src/realtime/live.gateway.js';
import type { LiveServer } from '../../src/realtime/live.types.js';
import { openBrowserFixture, type BrowserFixture } from '../support/browser.js';
import { drawnSizes, storeWideTexts } from '../support/drawn.js';
import { Firefox, hasFirefox } from '../support/firefox.js';
import { until } from '../support/until.js';

const described = hasFirefox ? describe : describe.skip;

described('Firefox ESR', () => {
  let fixture: BrowserFixture;
  let firefox: Firefox;
  beforeAll(async () => {
    [fixture, firefox] = await Promise.all([openBrowserFixture(), Firefox.start()]);
  }, 240_000);
  afterAll(async () => {
    await firefox?.end();
    await fixture?.close();
  });

  it('follows a conversation by a socket that carries the browser id', async () => {
    const tab = await firefox.open(`${fixture.demo}/stories/ferries-return`);
    const { server } = fixture.app.get(LiveGateway) as unknown as { server: LiveServer };
    const socket = await until(
      'a socket of Firefox that follows an article',
      () => [...server.sockets.sockets.values()].find((it) => it.data.roomsByArticle.size > 0),
      60_000,
    );
    expect(socket.handshake.headers['user-agent']).toContain('Firefox/');
    expect(socket.data.browser).toMatch(/^[0-9a-f]{64}$/);
    expect(await fixture.app.sql('select from articles')).toHaveLength(1);
    await tab.sees({ selector: 'p', text: 'Nobody has commented yet' });
  }, 90_000);

  it('talk: shows a conversation, the desk and the sign-in page when it refuses all cookies', async () => {
    const refusing = await Firefox.start({ prefs: { 'network.cookie.cookieBehavior': 2 } });
    try {
      const tab = await refusing.open(`${fixture.demo}/stories/ferries-return`);
      expect(
        await tab.evaluate(() => {
          try {
            return !!new BroadcastChannel('x');
          } catch {
            return false;
          }
        }),
      ).toBe(false);
      await tab.sees({ selector: 'p', text: 'Nobody has commented yet' });
      await tab.go(`${fixture.origin}/desk`);
      await tab.sees({ selector: 'button', text: 'Send' });
      await tab.go(`${fixture.origin}/sign-in`);
      await tab.sees({ selector: 'button', text: 'Send' });
    } finally {
      await refusing.end();
    }
  }, 90_000);

  it('drawn: shows every wide and high text within its window, folded', async () => {
    const author = await fixture.app.reader('Wide', 'reader', fixture.demo);
    const url = `${fixture.demo}/stories/ferries-return`;
    const [article] = await fixture.app.sql<{ key: string }>('select key from articles where url = $1', [url]);
    await storeWideTexts(fixture.app, author, article!.key);
    const high = await author.comment(article!.key, 'Another root.');
    await fixture.app.sql('update comments set body = $1 where id = $2', ['a\n\n'.repeat(1_249), high.id]);
    const tab = await firefox.open(url);
    await tab.sees({ selector: '.text' });
    await tab.sees({ selector: 'button', text: 'Show the whole comment' });
    const { overflow, heights } = await tab.evaluate(drawnSizes);
    expect(overflow).toBe(0);
    expect(Math.max(...heights)).toBeLessThan(800);
  }, 90_000);
});
