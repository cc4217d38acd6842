import { join } from 'node:path';
import fastifyCookie from '@fastify/cookie';
import type { INestApplicationContext } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Config, projectRoot } from './config/config.js';
import { validationPipe } from './http/invalid-request.js';
import { serveOpenApi } from './http/openapi.js';
import { guardOrigins } from './http/origin.js';
import { servePages } from './http/pages.js';
import { ProblemFilter } from './http/problem.filter.js';
import { readBodies } from './http/webhook.js';
import { LiveAdapter } from './realtime/live.adapter.js';

const BASE = 'api/v1';

/** Options that an application must be created with. */
export const appOptions = { bodyParser: false } as const;

/** Puts every route but the health checks below the API's prefix. */
export function setApiPrefix(app: NestFastifyApplication): void {
  app.setGlobalPrefix(BASE, { exclude: ['health/live', 'health/ready'] });
}

/** Everything that main.ts and the tests share, between creating the application and listening. */
export async function configureApp(app: NestFastifyApplication): Promise<void> {
  const config = app.get(Config);
  const server = app.getHttpAdapter().getInstance();
  readBodies(app);
  guardOrigins(server, `/${BASE}/`, config.allowedOrigins);
  await server.register(fastifyCookie);
  await servePages(server, join(projectRoot, 'dist', 'web'), config.publicUrl);
  setApiPrefix(app);
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter());
  app.useWebSocketAdapter(new LiveAdapter(app, config));
  serveOpenApi(app);
}

const REQUESTS_MAY_TAKE_MS = 3_000;

/**
 * Stops an application. Running requests may finish, but a client that sends its body slowly, or holds an idle connection
 * as browsers do in advance, cannot delay the stop.
 */
export async function closeApp(app: INestApplicationContext): Promise<void> {
  const impatient = setInterval(() => {
    if ('getHttpServer' in app) (app as NestFastifyApplication).getHttpServer().closeAllConnections();
  }, REQUESTS_MAY_TAKE_MS);
  try {
    await app.close();
  } finally {
    clearInterval(impatient);
  }
}
