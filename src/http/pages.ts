import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const API = `default-src 'none'; frame-ancestors 'none'; base-uri 'none'`;
const DOCS = `default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'`;
const PAGE =
  `default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; ` +
  `img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;

// What helmet would set, as constants: its eleven setHeader calls an answer take the slow way through node:http. A
// publisher's page loads /embed.js, hence cross-origin. An answer of the API is no document: the rest says nothing of it.
const ALWAYS = { 'cross-origin-resource-policy': 'cross-origin', 'x-content-type-options': 'nosniff' };
const DOCUMENT = {
  ...ALWAYS,
  'cross-origin-opener-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'SAMEORIGIN',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
};

/** Headers for every answer, and the browser's files (the embed, the desk, our own pages) from the web build. */
export async function servePages(server: FastifyInstance, webRoot: string, publicUrl: string): Promise<void> {
  const transport = publicUrl.startsWith('https:')
    ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }
    : {};
  const api = { ...ALWAYS, ...transport, 'content-security-policy': API };
  const docs = { ...DOCUMENT, ...transport, 'content-security-policy': DOCS };
  const page = { ...DOCUMENT, ...transport, 'content-security-policy': PAGE };
  server.addHook('onRequest', ({ url }, reply, done) => {
    void reply.headers(url.startsWith('/api/docs') ? docs : url.startsWith('/api/') ? api : page);
    done();
  });

  if (!existsSync(webRoot)) return; // the sources run without a web build; then there is nothing to serve
  await server.register(fastifyStatic, {
    root: webRoot,
    wildcard: true,
    index: false,
    redirect: false,
    decorateReply: true,
    cacheControl: false,
    setHeaders(reply, path) {
      const hashed = /-[\w-]{8,}\.(js|css)$/.test(path);
      void reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'public, max-age=60');
      void reply.header('access-control-allow-origin', '*'); // module scripts of another origin load with CORS
    },
  });
  const pages = { '/': 'home', '/desk': 'desk', '/sign-in': 'sign-in', '/thank-you': 'thank-you' };
  for (const [url, folder] of Object.entries(pages))
    server.get(url, (_request, reply) =>
      reply.header('cache-control', 'no-cache').sendFile(join(folder, 'index.html'), { cacheControl: false }),
    );
  await serveWorker(server, webRoot, publicUrl);
}

/** Stands in the built worker for PUBLIC_URL: a script that another one imports cannot tell its own address. */
const PUBLIC_URL_TOKEN = '__ROSTRA_PUBLIC_URL__';

/** The script that a publisher's one-line /rostra-sw.js imports. Browsers compare it at visits, so it is never stale. */
async function serveWorker(server: FastifyInstance, webRoot: string, publicUrl: string): Promise<void> {
  const file = join(webRoot, 'service-worker.js');
  if (!existsSync(file)) return; // an older web build, which only a run from the sources can meet
  const script = await readFile(file, 'utf8');
  const worker = script.replaceAll(PUBLIC_URL_TOKEN, publicUrl);
  server.get('/service-worker.js', (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(worker),
  );
}
