import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { Config } from '../config/config.js';
import { Metrics } from '../metrics/metrics.js';
import { sendProblem } from './problem.js';

const PATH = '/metrics';

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether a request may read the numbers. Without a token only its own port, which strangers do not reach, serves them. */
function isAllowed(authorization: string | undefined, token: string | undefined): boolean {
  if (token === undefined) return true;
  const [, given = ''] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  return timingSafeEqual(hashOf(given), hashOf(token));
}

/** Counts every answer, and serves the numbers at the site's own port to those who have the token. */
export function measureRequests(server: FastifyInstance, metrics: Metrics, token: string | undefined): void {
  if (!metrics.isOn) return;
  server.addHook('onResponse', (request, reply, done) => {
    const status = `${Math.floor(reply.statusCode / 100)}xx`;
    // The pattern of the route, because addresses are without number.
    const route = request.routeOptions.url ?? 'none';
    metrics.requests.observe({ method: request.method, route, status }, reply.elapsedTime / 1_000);
    done();
  });
  if (token === undefined) return;
  server.get(PATH, async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    if (!isAllowed(request.headers.authorization, token)) {
      void reply.header('www-authenticate', 'Bearer');
      sendProblem(reply, 401, 'metrics.token_required', {
        detail: 'Send METRICS_TOKEN of this server as Authorization: Bearer.',
      });
      return reply;
    }
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

/** Serves the numbers on a port of their own, in every role. A worker has no other port. */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('Metrics');
  private server: Server | undefined;

  constructor(
    private readonly config: Config,
    private readonly metrics: Metrics,
  ) {}

  /** The port in use; undefined when there is none. */
  get port(): number | undefined {
    return (this.server?.address() as AddressInfo | null | undefined)?.port;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { METRICS_PORT: port, METRICS_HOST: host, METRICS_TOKEN: token } = this.config.env;
    if (port === undefined) return;
    const server = createServer((request, response) => {
      const found = request.url?.split('?')[0] === PATH;
      if (!found || !isAllowed(request.headers.authorization, token)) {
        response.writeHead(found ? 401 : 404, found ? { 'www-authenticate': 'Bearer' } : {}).end();
        return;
      }
      this.metrics.registry.metrics().then(
        (text) => response.writeHead(200, { 'content-type': this.metrics.registry.contentType }).end(text),
        (error: Error) => {
          this.log.error(`The metrics could not be read: ${error.message}`);
          response.writeHead(500).end();
        },
      );
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
    server.on('error', (error) => this.log.error(error.message));
    this.server = server;
  }

  async onApplicationShutdown(): Promise<void> {
    const { server } = this;
    server?.closeAllConnections();
    if (server) await new Promise((resolve) => server.close(resolve));
  }
}
