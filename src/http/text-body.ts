import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RawServerDefault } from 'fastify';
import { BODY_LIMIT } from './fastify.js';
import { isPublicRead } from './origin.js';

/**
 * Lets public reads take their JSON as text/plain, which a browser sends to another site without a preflight. They change
 * nothing and know nobody. Elsewhere text/plain is refused, because a foreign form could act for the reader with it.
 */
export function readTextBodies(app: NestFastifyApplication): void {
  const json = app.getHttpAdapter().getInstance().getDefaultJsonParser('error', 'error');
  app.useBodyParser<RawServerDefault>('text/plain', { bodyLimit: BODY_LIMIT }, (request, body, done) => {
    if (isPublicRead(request))
      void json(request, body.toString(), (error, value) => done(error && new UnsupportedMediaTypeException(), value));
    else done(new UnsupportedMediaTypeException());
  });
}
