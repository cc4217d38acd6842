import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Fresh at the origin on every request; a CDN may share an answer for a second, never a stale one (removals). */
const SHARED = 'public, max-age=0, s-maxage=1';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends JSON that Postgres built, as it is. */
export function sendJson(reply: FastifyReply, json: string, status = 200): void {
  void reply.status(status).header('content-type', JSON_TYPE).send(json);
}

/**
 * Sends a public read with its ETag, or 304 to whoever has it already; the comparison is weak, as for all GETs
 * (RFC 9110 13.1.2).
 * @param etag without quotes; made of the whole text where none is known
 */
export function sendTagged(request: FastifyRequest, reply: FastifyReply, json: string, etag?: string): void {
  const tag = `W/"${etag ?? createHash('sha1').update(json).digest('base64url')}"`;
  void reply.header('etag', tag).header('cache-control', SHARED);
  const known = request.headers['if-none-match'];
  if (known?.split(',').some((it) => [tag.slice(2), '*'].includes(it.trim().replace(/^W\//, ''))))
    void reply.status(304).send();
  else sendJson(reply, json);
}
