import { existsSync } from 'node:fs';
import { join } from 'node:path';
import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const API = `default-src 'none'; frame-ancestors 'none'; base-uri 'none'`;
const DOCS = `default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'`;
const PAGE =
  `default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; ` +
  `img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;

/** Headers for every answer, and the browser's files (the embed, the desk, our own pages) from the web build. */
export async function servePages(server: FastifyInstance, webRoot: string, https: boolean): Promise<void> {
  await server.register(helmet, {
    contentSecurityPolicy: false, // chosen by path below: an answer in JSON, the API pages, a page of ours
    crossOriginResourcePolicy: { policy: 'cross-origin' }, // a publisher's page loads /embed.js
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    hsts: https ? { maxAge: 31_536_000 } : false,
  });
  server.addHook('onSend', async (request, reply) => {
    if (reply.hasHeader('content-security-policy')) return;
    const { url } = request;
    const policy = url.startsWith('/api/docs') ? DOCS : url.startsWith('/api/') ? API : PAGE;
    void reply.header('content-security-policy', policy);
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
      reply.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'public, max-age=60');
      reply.setHeader('access-control-allow-origin', '*'); // module scripts of another origin load with CORS
    },
  });
  const pages = { '/': 'home', '/desk': 'desk', '/sign-in': 'sign-in' };
  for (const [url, folder] of Object.entries(pages))
    server.get(url, (_request, reply) =>
      reply.header('cache-control', 'no-cache').sendFile(join(folder, 'index.html'), { cacheControl: false }),
    );
}
