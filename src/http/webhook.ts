import { type NestFastifyApplication, RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest, preParsingHookHandler, RawServerDefault } from 'fastify';
import { DomainError } from '../errors/domain-error.js';
import { BODY_LIMIT } from './fastify.js';

/** A vendor's event: more than a megabyte of it is none. */
const WEBHOOK_BODY_LIMIT = 1_500_000;

/** What large bodies may take together, from their first byte to their answer: nobody has judged them yet. */
const LARGE_BODIES = 8 * WEBHOOK_BODY_LIMIT;

/** Throws what a request is refused with by its headers alone: its body is then never read. */
type HeadersJudge = (request: FastifyRequest) => void;

interface WebhookAccess {
  webhook?: HeadersJudge;
}

/** Marks a handler that a vendor's server calls: it needs no Origin, and gets the body as the bytes that came. */
export const Webhook = (judge: HeadersJudge): MethodDecorator =>
  RouteConfig({ webhook: judge } satisfies WebhookAccess);

/** Whether the matched route is a vendor's. */
export const isWebhook = (request: FastifyRequest): boolean =>
  (request.routeOptions.config as WebhookAccess | undefined)?.webhook !== undefined;

/** Bodies are JSON and nothing else; a webhook's stays a Buffer, since its signature is over these very bytes. */
export function readBodies(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRoute', (route) => {
    const judge = (route.config as WebhookAccess | undefined)?.webhook;
    if (!judge) return;
    route.bodyLimit = WEBHOOK_BODY_LIMIT;
    route.preParsing = beforeReading(judge);
  });
  const json = server.getDefaultJsonParser('error', 'error');
  app.useBodyParser<RawServerDefault>('application/json', { bodyLimit: BODY_LIMIT }, (request, body, done) => {
    if (isWebhook(request)) done(null, body);
    else void json(request, body.toString(), done);
  });
  server.removeContentTypeParser('text/plain'); // a plain cross-site form must not reach a handler
}

/**
 * Judges the headers, then makes room for the body. What any other route takes as well needs none, so that whoever fills
 * the room with large bodies keeps no common event out.
 */
function beforeReading(judge: HeadersJudge): preParsingHookHandler {
  let taken = 0;
  return (request: FastifyRequest, reply: FastifyReply, _payload, done) => {
    try {
      judge(request);
      const size = Math.min(Number(request.headers['content-length'] ?? Infinity), WEBHOOK_BODY_LIMIT);
      if (size > BODY_LIMIT) {
        if (taken + size > LARGE_BODIES)
          throw new DomainError('service.unavailable', 'unavailable', {
            detail: 'Many large events arrive at this moment. Send this one again in a moment.',
            retryAfter: 5,
          });
        taken += size;
        reply.raw.once('close', () => (taken -= size));
      }
      done();
    } catch (error) {
      done(error as Error);
    }
  };
}
