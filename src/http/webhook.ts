import { type NestFastifyApplication, RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest, preParsingHookHandler, RawServerDefault } from 'fastify';
import { DomainError } from '../errors/domain-error.js';
import { BODY_LIMIT } from './fastify.js';

/** The largest event of a vendor, in bytes. */
export const WEBHOOK_BODY_LIMIT = 1_500_000;

/** The memory in bytes that large bodies may take together until they are verified. */
const LARGE_BODIES = 8 * WEBHOOK_BODY_LIMIT;

/** A check by headers alone. It throws the refusal, and then the body is never read. */
type HeaderCheck = (request: FastifyRequest) => void;

interface WebhookAccess {
  webhook?: HeaderCheck;
  largeBody?: true;
}

/** Marks a handler whose body may be as large as a webhook's, such as a long list that staff set. */
export const LargeBody = (): MethodDecorator => RouteConfig({ largeBody: true } satisfies WebhookAccess);

/** Marks a handler that a vendor's server calls. It needs no Origin and gets the body as raw bytes. */
export const Webhook = (check: HeaderCheck): MethodDecorator => RouteConfig({ webhook: check } satisfies WebhookAccess);

/** Whether a vendor's server calls the matched route. */
export const isWebhook = (request: FastifyRequest): boolean =>
  (request.routeOptions.config as WebhookAccess | undefined)?.webhook !== undefined;

/** How many webhooks this process has refused for each reason since they were last logged. */
export const refusedWebhooks = new Map<string, number>();

/** Counts a refused webhook, which only its vendor hears of. @param reason what the log says after the number */
export function countRefusedWebhook(reason: string): void {
  refusedWebhooks.set(reason, (refusedWebhooks.get(reason) ?? 0) + 1);
}

/** The end of a webhook's address that was entered with a slash too much. Vendors follow no redirect. */
const WITH_SLASH = /\/webhooks\/\w+\/+$/;

/** Whether a request would be a webhook without the slash at the end of its address. */
export const isWebhookWithSlash = ({ method, url }: { method: string; url: string }): boolean =>
  method === 'POST' && WITH_SLASH.test(url.split('?')[0]!);

/** Accepts JSON bodies only. A webhook's body stays a Buffer, because its signature covers the raw bytes. */
export function readBodies(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRoute', (route) => {
    const { webhook, largeBody } = (route.config ?? {}) as WebhookAccess;
    if (!webhook && !largeBody) return;
    route.bodyLimit = WEBHOOK_BODY_LIMIT;
    route.preParsing = beforeReading(webhook ?? (() => {}));
  });
  const json = server.getDefaultJsonParser('error', 'error');
  app.useBodyParser<RawServerDefault>('application/json', { bodyLimit: BODY_LIMIT }, (request, body, done) => {
    if (isWebhook(request)) done(null, body);
    else void json(request, body.toString(), done);
  });
  server.removeContentTypeParser('text/plain'); // a cross-site form could send text/plain without a preflight
}

/**
 * Checks the headers, then reserves memory for a large body. A body that any other route would accept needs no
 * reservation, so large bodies cannot keep ordinary events out.
 */
function beforeReading(check: HeaderCheck): preParsingHookHandler {
  let taken = 0;
  return (request: FastifyRequest, reply: FastifyReply, _payload, done) => {
    try {
      check(request);
      const size = Math.min(Number(request.headers['content-length'] ?? Infinity), WEBHOOK_BODY_LIMIT);
      if (size > BODY_LIMIT) {
        if (taken + size > LARGE_BODIES)
          throw new DomainError('service.unavailable', 'unavailable', {
            detail: 'Many large requests arrive at this moment. Send this one again in a moment.',
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
