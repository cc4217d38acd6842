import { type NestFastifyApplication, RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest, RawServerDefault } from 'fastify';
import { BODY_LIMIT } from './fastify.js';

/** A vendor's event: more than a megabyte of it is none. */
export const WEBHOOK_BODY_LIMIT = 1_500_000;

interface WebhookAccess {
  webhook?: boolean;
}

/** Marks a handler that a vendor's server calls: it needs no Origin, and gets the body as the bytes that came. */
export const Webhook = (): MethodDecorator => RouteConfig({ webhook: true } satisfies WebhookAccess);

/** Whether the matched route is a vendor's. */
export const isWebhook = (request: FastifyRequest): boolean =>
  (request.routeOptions.config as WebhookAccess | undefined)?.webhook === true;

/** Bodies are JSON and nothing else; a webhook's stays a Buffer, since its signature is over these very bytes. */
export function readBodies(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRoute', (route) => {
    if ((route.config as WebhookAccess | undefined)?.webhook) route.bodyLimit = WEBHOOK_BODY_LIMIT;
  });
  const json = server.getDefaultJsonParser('error', 'error');
  app.useBodyParser<RawServerDefault>('application/json', { bodyLimit: BODY_LIMIT }, (request, body, done) => {
    if (isWebhook(request)) done(null, body);
    else void json(request, body.toString(), done);
  });
  server.removeContentTypeParser('text/plain'); // a plain cross-site form must not reach a handler
}
