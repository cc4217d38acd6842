import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { compressAnswers } from './compress-answers.js';
import { negotiateEncodings, varyBy } from './accept-encoding.js';
import { serveWorker } from './service-worker.js';

const API = `default-src 'none'; frame-ancestors 'none'; base-uri 'none'`;
const DOCS = `default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'`;

/** The policy of Rostra's own pages, which show the newspaper's logo. Older browsers do not count the socket of the same origin as 'self'. */
const pagePolicy = (publicUrl: string, logos: readonly string[]): string =>
  `default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; ` +
  `connect-src 'self' ${new URL(publicUrl).origin.replace(/^http/, 'ws')}; ` +
  `img-src 'self' data:${logos.map((it) => ` ${it}`).join('')}; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;

// The headers that helmet would set, as constants, because its eleven setHeader calls for each answer are slow in
// node:http. The resource policy is cross-origin, because publishers' pages load /embed.js. API answers are no documents,
// so the rest does not apply to them. None of these speaks for other paths or hosts, because Rostra may be some paths of
// the publisher's own origin.
const ALWAYS = { 'cross-origin-resource-policy': 'cross-origin', 'x-content-type-options': 'nosniff' };
const DOCUMENT = {
  ...ALWAYS,
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-dns-prefetch-control': 'off',
  'x-frame-options': 'SAMEORIGIN',
  'x-xss-protection': '0',
};

const NO_LOGOS: readonly string[] = [];

/**
 * Sets the headers of every answer and serves the browser's files (embed, desk, own pages) from the web build.
 * @param hstsMaxAge the seconds for which browsers shall refuse http on this host, when the operator asks for that
 * @param logos returns the origins of the sites' logos, and another array only after a change
 */
export async function servePages(
  server: FastifyInstance,
  webRoot: string,
  publicUrl: string,
  hstsMaxAge?: number,
  logos: () => readonly string[] = () => NO_LOGOS,
): Promise<void> {
  const transport =
    hstsMaxAge === undefined || !publicUrl.startsWith('https:')
      ? {}
      : { 'strict-transport-security': `max-age=${hstsMaxAge}` };
  const api = { ...ALWAYS, ...transport, 'content-security-policy': API };
  const docs = { ...DOCUMENT, ...transport, 'content-security-policy': DOCS };
  const pageHeaders = (shown: readonly string[]) => ({
    logos: shown,
    headers: { ...DOCUMENT, ...transport, 'content-security-policy': pagePolicy(publicUrl, shown) },
  });
  let latest = pageHeaders(logos());
  const page = () => {
    const shown = logos();
    if (shown !== latest.logos) latest = pageHeaders(shown);
    return latest.headers;
  };
  server.addHook('onRequest', ({ url }, reply, done) => {
    void reply.headers(url.startsWith('/api/docs') ? docs : url.startsWith('/api/') ? api : page());
    done();
  });

  negotiateEncodings(server);
  compressAnswers(server);

  if (!existsSync(webRoot)) return; // the sources also run without a web build
  await server.register(fastifyStatic, {
    root: webRoot,
    serve: false,
    index: false,
    cacheControl: false,
    preCompressed: true, // the build writes a .br and a .gz beside each file
    setHeaders(reply, path) {
      varyBy(reply);
      void reply.header('cache-control', cacheControlOf(path.replace(/\.(br|gz)$/, '')));
      void reply.header('access-control-allow-origin', '*'); // module scripts of another origin load with CORS
    },
  });
  server.route<{ Params: { '*': string } }>({
    method: ['GET', 'HEAD'],
    url: '/*',
    handler: (request, reply) => {
      const path = `/${request.params['*']}`;
      if (isFile(path)) return reply.sendFile(path);
      reply.callNotFound();
      return reply;
    },
  });
  const pages = { '/': 'home', '/desk': 'desk', '/sign-in': 'sign-in', '/thank-you': 'thank-you' };
  for (const [url, folder] of Object.entries(pages)) {
    server.get(url, (_request, reply) => reply.sendFile(join(folder, 'index.html')));
    if (url === '/') continue;
    // Some mail programs and people add a slash. The browser keeps the fragment.
    server.get(`${url}/`, (request, reply) =>
      reply.header('cache-control', 'no-cache').redirect(url + (/\?.*$/.exec(request.url)?.[0] ?? ''), 308),
    );
  }
  serveWorker(server, webRoot, publicUrl);
}

/** Whether a path can name a file of the web build. The compressed ones beside it have no address of their own. */
const isFile = (path: string): boolean => /^(\/[\w-][\w.-]*)+\.(js|css|html|svg)$/.test(path);

function cacheControlOf(path: string): string {
  if (path.endsWith('.html')) return 'no-cache';
  const hashed = /-[\w-]{8,}\.(js|css)$/.test(path);
  return hashed ? 'public, max-age=31536000, immutable' : 'public, max-age=60';
}
