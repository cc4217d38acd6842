import { randomUUID } from 'node:crypto';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, problem } from './problem.js';

/** Enough for the longest comment in any script, and its JSON escapes. */
export const BODY_LIMIT = 65_536;

/** @param trustProxy how many reverse proxies stand before us: that many entries of X-Forwarded-For are believed */
export function createFastifyAdapter(trustProxy: number): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    trustProxy: trustProxy > 0 && ((_address, hop) => hop < trustProxy),
    genReqId: () => randomUUID(),
    requestTimeout: 15_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 300 },
    // A malformed URL never reaches Nest's filters.
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
