import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ErrorDetails } from '../errors/domain-error.js';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** The body of every error (RFC 9457). Some codes add further members. */
export const Problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  code: z.string().regex(/^[a-z_]+\.[a-z_]+$/),
  detail: z.string().min(1),
  requestId: z.uuid(),
  errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
});

export function problem(
  status: number,
  code: string,
  requestId: string,
  details: ErrorDetails = {},
): z.infer<typeof Problem> {
  const title = STATUS_CODES[status] ?? 'Error';
  return {
    ...details.members,
    type: `urn:rostra:problem:${code}`,
    title,
    status,
    code,
    detail: details.detail ?? title,
    requestId,
    ...(details.errors ? { errors: details.errors } : {}),
  };
}

export function sendProblem(reply: FastifyReply, status: number, code: string, details: ErrorDetails = {}): void {
  if (details.retryAfter !== undefined) reply.header('retry-after', String(Math.max(1, Math.ceil(details.retryAfter))));
  void reply
    .status(status)
    .header('cache-control', 'no-store')
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problem(status, code, reply.request.id, details)));
}
