import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Lets a CDN share an answer for one second and never serve a stale one, so that removals reach everybody. */
const SHARED = 'public, max-age=0, s-maxage=1';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends JSON text that Postgres built, unchanged. */
export function sendJson(reply: FastifyReply, json: string, status = 200): void {
  void reply.status(status).header('content-type', JSON_TYPE).send(json);
}

/**
 * Sends a public read with its ETag, or 304 to a client that has it already. The comparison is weak, as for all GETs
 * (RFC 9110 13.1.2).
 * @param etag without quotes; it is made from the whole text when absent
 */
export function sendTagged(request: FastifyRequest, reply: FastifyReply, json: string, etag?: string): void {
  const tag = `W/"${etag ?? createHash('sha1').update(json).digest('base64url')}"`;
  void reply.header('etag', tag).header('cache-control', SHARED);
  if (knows(request, tag.slice(3, -1))) void reply.status(304).send();
  else sendJson(reply, json);
}

/** Whether the client has the answer with this ETag, given without quotes. */
export function knows(request: FastifyRequest, etag: string): boolean {
  const known = request.headers['if-none-match']?.split(',').map((it) => it.trim().replace(/^W\//, ''));
  return known?.some((it) => it === '*' || it === `"${etag}"`) ?? false;
}
