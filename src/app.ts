import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import fastifyCookie from '@fastify/cookie';
import type { INestApplicationContext } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Config, projectRoot } from './config/config.js';
import { ForwardedHeaders, readForwardedHeaders } from './http/forwarded-headers.js';
import { validationPipe } from './http/invalid-request.js';
import { serveOpenApi } from './http/openapi.js';
import { endConnections, ownConnections } from './http/connections.js';
import { recordMethods } from './http/allowed-methods.js';
import { measureRequests } from './http/metrics-endpoint.js';
import { writeTallies } from './log/log-tally.js';
import { Metrics } from './metrics/metrics.js';
import { guardOrigins, refuseWithoutHost } from './http/origin.js';
import { servePages } from './http/pages.js';
import { Readiness } from './http/readiness.js';
import { ProblemFilter } from './http/problem.filter.js';
import { readTextBodies } from './http/text-body.js';
import { readBodies } from './http/webhook.js';
import { Settings } from './settings/settings.service.js';
import { Sites } from './settings/sites.service.js';
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
  readForwardedHeaders(server, new ForwardedHeaders(config.trustProxy));
  ownConnections(app.getHttpServer());
  measureRequests(server, app.get(Metrics), config.env.METRICS_TOKEN);
  recordMethods(server);
  refuseWithoutHost(server);
  askToReconnect(server, app.get(Readiness));
  readBodies(app);
  readTextBodies(app);
  const sites = app.get(Sites);
  guardOrigins(server, `/${BASE}/`, (origin) => sites.allows(origin));
  await server.register(fastifyCookie);
  await servePages(
    server,
    join(projectRoot, 'dist', 'web'),
    config.publicUrl,
    config.env.HSTS_MAX_AGE,
    () => sites.logoOrigins,
  );
  setApiPrefix(app);
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter());
  app.useWebSocketAdapter(new LiveAdapter(app, app.get(Settings), sites, config.trustProxy));
  serveOpenApi(app);
}

/** Ends each connection after its next answer while the process drains, so that a kept one is not cut later. */
function askToReconnect(server: FastifyInstance, readiness: Readiness): void {
  server.addHook('onSend', (_request, reply, payload, done) => {
    if (readiness.stopping) void reply.header('connection', 'close');
    done(null, payload);
  });
}

const REQUESTS_MAY_TAKE_MS = 3_000;

/**
 * Stops an application. First it is not ready for as long as it drains, and answers, so that a load balancer sends its
 * requests elsewhere before the port closes. Then running requests may finish, but a client that sends its body slowly,
 * or holds an idle connection as browsers do in advance, cannot delay the stop.
 */
export async function closeApp(app: INestApplicationContext, drainSeconds = 0): Promise<void> {
  if (drainSeconds) {
    app.get(Readiness).stopping = true;
    await delay(drainSeconds * 1_000);
  }
  const impatient = setInterval(() => {
    if ('getHttpServer' in app) endConnections((app as NestFastifyApplication).getHttpServer());
  }, REQUESTS_MAY_TAKE_MS);
  try {
    await app.close();
  } finally {
    clearInterval(impatient);
    writeTallies();
  }
}
