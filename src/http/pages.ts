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

// The headers that helmet would set, as constants, because its eleven setHeader calls for each answer are slow in
// node:http. The resource policy is cross-origin, because publishers' pages load /embed.js. API answers are no documents,
// so the rest does not apply to them.
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

/** Sets the headers of every answer and serves the browser's files (embed, desk, own pages) from the web build. */
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

  if (!existsSync(webRoot)) return; // the sources also run without a web build
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

/** Placeholder for PUBLIC_URL in the built worker, because an imported script cannot read its own address. */
const PUBLIC_URL_TOKEN = '__ROSTRA_PUBLIC_URL__';

/** Serves the script that a publisher's one-line /rostra-sw.js imports. Browsers revalidate it at every visit. */
async function serveWorker(server: FastifyInstance, webRoot: string, publicUrl: string): Promise<void> {
  const file = join(webRoot, 'service-worker.js');
  if (!existsSync(file)) return; // a run from the sources may have an older web build
  const script = await readFile(file, 'utf8');
  const worker = script.replaceAll(PUBLIC_URL_TOKEN, publicUrl);
  server.get('/service-worker.js', (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(worker),
  );
}
