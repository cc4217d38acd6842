import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiKeysService } from '../../src/accounts/sessions/api-keys.service.js';
import { PageReader } from '../../src/articles/page-reader.js';
import { Config } from '../../src/config/config.js';
import { readEnvironment } from '../../src/config/env.js';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor } from '../support/actor.js';
import { SITE, TestApp } from '../support/app.js';
import { until } from '../support/until.js';

const page = (head: string): string => `<!doctype html><html><head>${head}</head><body><title>No</title></body></html>`;

describe('titles', () => {
  let app: TestApp;
  let site: string;
  let server: Server;
  let publisher: Record<string, string>;
  const asked: string[] = [];
  const pages = new Map<string, string | ((request: IncomingMessage, response: ServerResponse) => void)>();

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url!);
      const found = pages.get(request.url!);
      if (typeof found === 'function') return found(request, response);
      response.writeHead(found ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' }).end(found ?? 'None.');
    });
    await new Promise<void>((done) => server.listen(0, 'localhost', done));
    site = `http://localhost:${(server.address() as AddressInfo).port}`;
    app = await TestApp.start({ env: { ALLOWED_ORIGINS: `${site},${SITE}` } });
    const key = await app.get(ApiKeysService).create('the paper');
    publisher = { authorization: `Bearer ${key}`, origin: '' };
  });
  afterAll(async () => {
    await app.stop();
    server.closeAllConnections();
    server.close();
  });

  const meet = async (path: string, title = 'Mayor arrested'): Promise<string> => {
    const { body } = await app
      .anonymous(site)
      .post<Schemas['ArticleKey']>('/articles', { url: `${site}${path}`, title });
    return body.key;
  };
  const titleOf = async (key: string): Promise<string> =>
    (await app.anonymous(site).get<Schemas['Article']>(`/articles/${key}`)).body.title;
  const read = (path: string) =>
    until(`the reading of ${path}`, async () => {
      // The jobs first: a reading between the two questions would leave the state of before.
      const jobs = await app.sql(`select 1 from graphile_worker.jobs where task_identifier = 'read-page'`);
      const [found] = await app.sql<{ state: string }>('select page_state as state from articles where url = $1', [
        `${site}${path}`,
      ]);
      return found && jobs.length === 0 ? found.state : undefined;
    });
  const reader = async (name: string): Promise<Actor> => {
    const actor = await app.reader(name);
    const moved = app.anonymous(site);
    for (const [key, value] of actor.cookies) moved.cookies.set(key, value);
    moved.accountId = actor.accountId;
    return moved;
  };

  it.each([
    ['its title', '<title>\n The  ferries &amp; the sea\n</title>', 'The ferries & the sea'],
    ['og:title before the title', '<title>A - Paper</title><meta property="og:title" content="A &lt;b&gt;">', 'A <b>'],
    ['the first title', '<title>One</title><title>Two</title>', 'One'],
  ])('come from the page, not from the caller: %s', async (what, head, expected) => {
    const path = `/page-${what.replace(/\W/g, '')}`;
    pages.set(path, page(`${head}<link rel="canonical" href="${path}">`));
    const key = await meet(path);
    expect(['found', 'unread']).toContain(await read(path));
    await until('the title', async () => (await titleOf(key)) === expected);
  });

  it('are host and path until the page confirms, everywhere', async () => {
    pages.set('/slow?utm=1', (_request, response) => void response.writeHead(503).end());
    const key = await meet('/slow?utm=1');
    const shown = `${new URL(site).host}/slow`;
    expect(await titleOf(key)).toBe(shown);
    const [ann, mod] = [await reader('Ann Reader'), await app.reader('Mo Derator', 'moderator')];
    const { id } = await ann.comment(key, 'Something.');
    await ann.post(`/comments/${id}/reports`, { reason: 'spam' });
    const texts = await Promise.all([
      mod.get('/moderation/queues/reported'),
      ann.get(`/readers/${ann.accountId}/comments`),
      ann.get(`/comments/${id}/context`),
    ]);
    for (const { text } of texts) {
      expect(text).toContain(shown);
      expect(text).not.toContain('Mayor');
    }
  });

  it('of the publisher stay, whoever comes before, meanwhile or later', async () => {
    pages.set('/put', page('<title>From the page</title>'));
    const [key] = await Promise.all([
      meet('/put'),
      app.anonymous().put('/articles/put-1', { url: `${site}/put`, title: 'The paper says' }, publisher),
    ]);
    await read('/put');
    for (let n = 0; n < 3; n += 1) await meet('/put');
    await read('/put');
    expect(await titleOf(key)).toBe('The paper says');
  });

  it('and comments of a page that does not exist show nowhere', async () => {
    const key = await meet('/never-written');
    const ann = await reader('Ann Early');
    await ann.comment(key, 'I was here before the check.').catch(() => undefined);
    expect(await read('/never-written')).toBe('missing');
    const late = await ann.post(`/articles/${key}/comments`, { body: 'Late.' });
    expect([late.status, late.body.code]).toEqual([409, 'article.page_missing']);
    const { text } = await ann.get(`/readers/${ann.accountId}/comments`);
    expect(text).not.toContain('never-written');
    // When the paper publishes the page, its next visit finds it.
    pages.set('/never-written', page('<title>Now written</title>'));
    await app.clock.advance(2 * 60_000);
    await meet('/never-written');
    await until('the title', async () => (await titleOf(key)) === 'Now written');
    expect((await ann.post(`/articles/${key}/comments`, { body: 'In time.' })).status).toBe(201);
  });

  it('are not taken from a page that has another address', async () => {
    pages.set('/own?x=1', page('<title>Own</title>'));
    pages.set('/copy', page(`<title>Other</title><link rel="canonical" href="${site}/original">`));
    pages.set('/moved', (_request, response) => void response.writeHead(302, { location: '/elsewhere' }).end());
    for (const path of ['/own?x=1', '/copy', '/moved']) {
      const key = await meet(path);
      expect([path, await read(path)]).toEqual([path, 'unclear']);
      expect(await titleOf(key)).toBe(`${new URL(site).host}${path.replace(/\?.*/, '')}`);
    }
    expect(asked).not.toContain('/elsewhere');
  });

  it('are read once when many visitors come first at the same moment', async () => {
    pages.set('/first', page('<title>First</title>'));
    const keys = await Promise.all(Array.from({ length: 12 }, () => meet('/first')));
    expect(new Set(keys).size).toBe(1);
    await until('the title', async () => (await titleOf(keys[0]!)) === 'First');
    expect(asked.filter((it) => it === '/first')).toHaveLength(1);
  });

  it('are cut, and an endless page ends the reading', async () => {
    pages.set('/long', page(`<title>${'x'.repeat(5_000)}</title>`));
    pages.set('/endless', (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      const more = (): boolean => response.write(`<p>${'y'.repeat(60_000)}`);
      response.on('drain', more);
      more();
    });
    const long = await meet('/long');
    await until('the title', async () => (await titleOf(long)) === 'x'.repeat(300));
    await meet('/endless');
    await read('/endless');
  });

  describe('the reader of pages', () => {
    const readerOf = (env: Record<string, string>): PageReader => {
      const config = new Config(readEnvironment({ PUBLIC_URL: 'https://talk.example', ...env }), '');
      return new PageReader(config, { allows: (origin) => config.allowedOrigins.has(origin) });
    };
    const production = { NODE_ENV: 'production', DATABASE_URL: 'postgres://x', SMTP_URL: 'smtp://x' };

    it('asks no origin that is not allowed, and no address that is not public in production', async () => {
      const before = asked.length;
      const port = new URL(site).port;
      for (const host of ['localhost', '127.0.0.1', '[::1]', '0.0.0.0', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]']) {
        const origin = new URL(`http://${host}:${port}`).origin;
        expect(await readerOf({ ...production, ALLOWED_ORIGINS: origin }).read(`${origin}/first`)).toEqual({
          state: 'unclear',
        });
      }
      expect(await readerOf({ ALLOWED_ORIGINS: 'https://paper.example' }).read(`${site}/first`)).toEqual({
        state: 'unclear',
      });
      expect(asked).toHaveLength(before);
    });
  });
});
