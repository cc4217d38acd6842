import { randomUUID } from 'node:crypto';
import type { ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { isHandedOver, refuseConnection } from './connections.js';
import { PROBLEM_TYPE, problem } from './problem.js';

/** The largest body in bytes. It holds the longest comment in any script with its JSON escapes. */
export const BODY_LIMIT = 65_536;

/** A request must have arrived whole after this time. */
const REQUEST_TIMEOUT_MS = 15_000;

/** The types of Node 20 lack the callback, which Node 24.9 brought. */
const SERVER_OPTIONS: ServerOptions & { shouldUpgradeCallback: typeof isHandedOver } = {
  // Node looks for late requests at this interval only. By its default of 30 s they would live three times as long.
  connectionsCheckingInterval: 1_000,
  requestTimeout: REQUEST_TIMEOUT_MS,
  requireHostHeader: false, // Node's own refusal has no body; refuseWithoutHost answers
  shouldUpgradeCallback: isHandedOver,
};

/** @param trustProxy the number of reverse proxies in front, which is how many entries of X-Forwarded-For are believed */
export function createFastifyAdapter(trustProxy: number): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    trustProxy: trustProxy > 0 && ((_address, hop) => hop < trustProxy),
    genReqId: () => randomUUID(),
    http: SERVER_OPTIONS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 300 },
    clientErrorHandler: refuseBytes,
    // Nest's filters never see a malformed URL.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      const status = error.statusCode ?? 400;
      void reply
        .status(status)
        .type(PROBLEM_TYPE)
        .header('cache-control', 'no-store')
        .send(
          JSON.stringify(
            problem(status, 'request.malformed', request.id, {
              detail: 'The address is not a valid URL.',
              errors: [{ path: '', message: 'is not a valid URL' }],
            }),
          ),
        );
    },
  });
}

/** Answers bytes that never become a request, because they are not HTTP or come too slowly. */
function refuseBytes(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, detail] = {
    ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time. Send it again.'] as const,
    HPE_HEADER_OVERFLOW: [431, 'The headers are too large. Send less.'] as const,
  }[error.code ?? ''] ?? [400, 'The server refused this request, because it is not valid HTTP.'];
  refuseConnection(socket, status, detail);
}
