import { readdirSync, readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildIfNeeded } from '../../tools/start/build.mjs';
import { TestApp } from '../support/app.js';

const WEB = 'dist/web';

interface Received {
  status: number;
  headers: IncomingHttpHeaders;
  /** The bytes of the body as they came, still encoded. */
  body: Buffer;
}

function decode({ headers, body }: Received): Buffer {
  const encoding = headers['content-encoding'];
  if (encoding === 'br') return brotliDecompressSync(body);
  return encoding === 'gzip' ? gunzipSync(body) : body;
}

describe('wire', () => {
  let app: TestApp;
  let files: string[];

  beforeAll(async () => {
    await buildIfNeeded(() => undefined, AbortSignal.timeout(230_000));
    app = await TestApp.start({ env: { ROLE: 'web' } });
    files = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter((it) => /\.(js|css|html)$/.test(it));
  }, 240_000);
  afterAll(() => app.stop());

  const receive = (path: string, headers: Record<string, string> = {}, method = 'GET', body?: string) =>
    new Promise<Received>((resolve, reject) => {
      const outgoing = request(`${app.url}${path}`, { method, headers, agent: false }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (it: Buffer) => parts.push(it));
        response.on('end', () =>
          resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts) }),
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  const accepting = (path: string, encoding: string, more: Record<string, string> = {}) =>
    receive(path, { 'accept-encoding': encoding, ...more });
  const json = { 'content-type': 'application/json', origin: 'https://any.example' };

  it('sends every asset in the encoding that the browser prefers, and the same text in each', async () => {
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const path = `/${file}`;
      const plain = await receive(path);
      expect([path, plain.status, plain.headers['content-encoding']]).toEqual([path, 200, undefined]);
      const [br, gzip] = [await accepting(path, 'gzip, deflate, br, zstd'), await accepting(path, 'gzip')];
      expect([br, gzip].map((it) => it.headers['content-encoding'])).toEqual(['br', 'gzip']);
      for (const it of [plain, br, gzip]) {
        expect(decode(it).equals(plain.body)).toBe(true);
        expect([path, it.headers.vary]).toEqual([path, 'Accept-Encoding']);
        expect(Number(it.headers['content-length'])).toBe(it.body.length);
        expect(it.headers['content-type']).toBe(plain.headers['content-type']);
      }
      expect(br.body.length).toBeLessThanOrEqual(gzip.body.length + 30);
      expect(new Set([plain, br, gzip].map((it) => it.headers.etag)).size).toBe(3);
      // The smallest files have little to compress.
      expect(br.body.length).toBeLessThan(Math.max(2_000, plain.body.length) / 2);
    }
  });

  it('stays within its budgets as a browser receives it', async () => {
    const size = async (file: string) => (await accepting(`/${file}`, 'br')).body.length;
    expect(await size('embed.js')).toBeLessThanOrEqual(30_000);
    // A second request before the first comment would cost more than its bytes.
    expect(readFileSync(join(WEB, 'embed.js'), 'utf8')).not.toMatch(/(from|import)\s*["'`]\.\/chunks/);
    expect(await size('count.js')).toBeLessThanOrEqual(6_000);
    for (const file of files.filter((it) => it.startsWith('chunks/')))
      expect(await size(file)).toBeLessThanOrEqual(9_100);
  });

  it.each([
    ['br;q=0.5, gzip;q=1', 'gzip'],
    ['br;q=0, *', 'gzip'],
    ['BR', 'br'],
    ['*', 'br'],
    ['gzip;q=0.1, br;q=0.2', 'br'],
    ['identity', undefined],
    ['identity;q=1, br;q=0.5', undefined],
    ['br;q=0, gzip;q=0', undefined],
    ['*;q=0', undefined],
    ['deflate, zstd', undefined],
    ['br;q=wrong', undefined],
    ['', undefined],
  ])('answers Accept-Encoding "%s" with %s', async (header, encoding) => {
    const key = await filledArticle();
    for (const path of ['/embed.js', '/service-worker.js', `/api/v1/articles/${key}/comments`])
      expect([path, (await accepting(path, header)).headers['content-encoding']]).toEqual([path, encoding]);
  });

  it('answers HEAD, conditional requests and ranges in each encoding', async () => {
    for (const path of ['/embed.js', '/service-worker.js', '/sign-in'])
      for (const encoding of ['br', 'gzip', 'identity']) {
        const whole = await accepting(path, encoding);
        const head = await receive(path, { 'accept-encoding': encoding }, 'HEAD');
        expect([path, head.status, head.body.length]).toEqual([path, 200, 0]);
        for (const it of ['content-encoding', 'content-length', 'etag', 'vary', 'cache-control'])
          expect([path, it, head.headers[it]]).toEqual([path, it, whole.headers[it]]);
        const again = await accepting(path, encoding, { 'if-none-match': whole.headers.etag! });
        expect([path, again.status, again.body.length, again.headers.vary]).toEqual([path, 304, 0, 'Accept-Encoding']);
        const other = await accepting(path, encoding === 'br' ? 'gzip' : 'br', {
          'if-none-match': whole.headers.etag!,
        });
        expect([path, encoding, other.status]).toEqual([path, encoding, 200]);
      }
    const whole = await accepting('/embed.js', 'br');
    const part = await accepting('/embed.js', 'br', { range: 'bytes=10-19' });
    expect([part.status, part.headers['content-encoding'], part.headers['content-range']]).toEqual([
      206,
      'br',
      `bytes 10-19/${whole.body.length}`,
    ]);
    expect(part.body.equals(whole.body.subarray(10, 20))).toBe(true);
  });

  it('has no address for the compressed files themselves, nor for anything that is no file', async () => {
    for (const path of ['/embed.js.br', '/embed.js.gz', '/chunks/', '/chunks', '/%2e%2e/package.json', '//embed.js'])
      expect([path, (await receive(path)).status]).toEqual([path, 404]);
    expect((await receive('/%65mbed.js')).status).toBe(200);
  });

  it('redirects a page with a slash, and names the methods of a page', async () => {
    for (const [path, target] of [
      ['/desk/', '/desk'],
      ['/sign-in/?a=b', '/sign-in?a=b'],
      ['/thank-you/', '/thank-you'],
    ] as const) {
      const { status, headers } = await receive(path);
      expect([path, status, headers.location]).toEqual([path, 308, target]);
    }
    for (const method of ['POST', 'TRACE', 'DELETE']) {
      const { status, headers } = await receive('/sign-in', {}, method);
      expect([method, status, headers.allow]).toEqual([method, 405, 'GET, HEAD']);
    }
  });

  it('lets browsers keep hashed files for good, and no page', async () => {
    for (const file of files) {
      const { headers } = await receive(`/${file}`);
      const expected =
        file.endsWith('.html') || file === 'service-worker.js'
          ? 'no-cache'
          : /-[\w-]{8,}\./.test(file)
            ? 'public, max-age=31536000, immutable'
            : 'public, max-age=60';
      expect([file, headers['cache-control']]).toEqual([file, expected]);
    }
    for (const path of ['/', '/desk', '/sign-in', '/thank-you']) {
      const { headers } = await receive(path);
      expect([path, headers['cache-control']]).toEqual([path, 'no-cache']);
      // The page's own origin and its socket, and no other host.
      expect(headers['content-security-policy']).toContain("connect-src 'self' ws://localhost:4000;");
    }
  });

  it('compresses a page of comments at least four times, and keeps its ETag', async () => {
    const path = `/api/v1/articles/${await filledArticle()}/comments?limit=100`;
    const plain = await receive(path);
    expect(plain.body.length).toBeGreaterThan(10_000);
    for (const encoding of ['br', 'gzip']) {
      const answer = await accepting(path, encoding);
      expect([answer.status, answer.headers['content-encoding']]).toEqual([200, encoding]);
      expect(decode(answer).equals(plain.body)).toBe(true);
      expect(answer.body.length).toBeLessThan(plain.body.length / 4);
      expect(answer.headers.vary).toBe('Accept-Encoding');
      expect(answer.headers.etag).toBe(plain.headers.etag);
      expect(Number(answer.headers['content-length'])).toBe(answer.body.length);
      const known = await accepting(path, encoding, { 'if-none-match': plain.headers.etag! });
      expect([known.status, known.headers['content-encoding'], known.headers.vary]).toEqual([
        304,
        undefined,
        'Accept-Encoding',
      ]);
    }
  });

  it('sends a new text when the page of comments has changed', async () => {
    const key = await filledArticle();
    const path = `/api/v1/articles/${key}/comments`;
    await accepting(path, 'br');
    await (await app.reader('Late Comer')).comment(key, 'Something new and compressed.');
    expect(decode(await accepting(path, 'br')).toString()).toContain('Something new and compressed.');
  });

  it('leaves small answers, answers to writes and problems as they are', async () => {
    const key = await filledArticle();
    for (const path of ['/health/live', '/api/v1/session', '/api/v1/nothing'])
      expect([path, (await accepting(path, 'br')).headers['content-encoding']]).toEqual([path, undefined]);
    const reader = await app.reader('Wordy Writer');
    const written = await reader.post(
      `/articles/${key}/comments`,
      { body: 'many words '.repeat(300) },
      { 'accept-encoding': 'br' },
    );
    expect([written.status, written.headers.get('content-encoding')]).toEqual([201, null]);
    expect(written.text.length).toBeGreaterThan(3_000);
    const keys = Array.from({ length: 100 }, (_, at) => `a-front-page-story-${at}`);
    const headers = { ...json, 'accept-encoding': 'br' };
    const counts = await receive('/api/v1/comment-counts', headers, 'POST', JSON.stringify({ keys }));
    expect([counts.status, counts.headers['content-encoding']]).toEqual([200, 'br']);
  });

  it('compresses the pages of the API and its document', async () => {
    for (const path of ['/api/docs', '/api/openapi.json', '/api/docs/swagger-ui-bundle.js']) {
      const [plain, br] = [await receive(path), await accepting(path, 'br')];
      expect([path, br.status, br.headers['content-encoding'], br.headers.vary]).toEqual([
        path,
        200,
        'br',
        'Accept-Encoding',
      ]);
      expect(decode(br).equals(plain.body)).toBe(true);
    }
  });

  /** Returns the key of an article with a page of comments. */
  let filled: Promise<string> | undefined;
  const filledArticle = (): Promise<string> => (filled ??= fill());
  async function fill(): Promise<string> {
    const key = await app.article();
    const reader = await app.reader('Ferry Reader');
    for (let at = 0; at < 40; at += 1)
      await reader.comment(key, `Comment number ${at}: the ferry to the northern islands was late again this morning.`);
    return key;
  }
});
