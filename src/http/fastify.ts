import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, problem } from './problem.js';

/** The largest body in bytes. It holds the longest comment in any script with its JSON escapes. */
export const BODY_LIMIT = 65_536;

/** @param trustProxy the number of reverse proxies in front, which is how many entries of X-Forwarded-For are believed */
export function createFastifyAdapter(trustProxy: number): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    trustProxy: trustProxy > 0 && ((_address, hop) => hop < trustProxy),
    genReqId: () => randomUUID(),
    requestTimeout: 15_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 300 },
    clientErrorHandler: refuseConnection,
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

/** Answers on the socket itself, because bytes that are not HTTP, or come too slowly, never become a request. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, detail] = {
    ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time. Send it again.'] as const,
    HPE_HEADER_OVERFLOW: [431, 'The headers are too large. Send less.'] as const,
  }[error.code ?? ''] ?? [400, 'The server refused this request, because it is not valid HTTP.'];
  const body = JSON.stringify(problem(status, 'request.refused', randomUUID(), { detail }));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}
