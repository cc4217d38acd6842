import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { type Encoding, encodingOf, varyBy } from './accept-encoding.js';
import { knows } from './json-text.js';

/** Placeholder for PUBLIC_URL in the built worker, because an imported script cannot read its own address. */
const PUBLIC_URL_TOKEN = '__ROSTRA_PUBLIC_URL__';

/**
 * Serves the script that a publisher's one-line /alerts/rostra-sw.js imports. Browsers revalidate it at every visit. Its text
 * depends on PUBLIC_URL, so it is compressed here and not by the build.
 */
export function serveWorker(server: FastifyInstance, webRoot: string, publicUrl: string): void {
  const file = join(webRoot, 'service-worker.js');
  if (!existsSync(file)) return; // a run from the sources may have an older web build
  const text = Buffer.from(readFileSync(file, 'utf8').replaceAll(PUBLIC_URL_TOKEN, publicUrl));
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 22);
  const encoded: Record<Encoding, Buffer> = { br: brotliCompressSync(text), gzip: gzipSync(text, { level: 9 }) };
  server.get('/service-worker.js', (request, reply) => {
    const encoding = encodingOf(request);
    const tag = encoding ? `${hash}-${encoding}` : hash;
    void reply.header('cache-control', 'no-cache').header('etag', `"${tag}"`);
    varyBy(reply);
    if (knows(request, tag)) return reply.status(304).send();
    if (encoding) void reply.header('content-encoding', encoding);
    return reply.type('text/javascript; charset=utf-8').send(encoding ? encoded[encoding] : text);
  });
}
