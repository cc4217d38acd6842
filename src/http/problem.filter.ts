import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { isUnavailable } from '../database/postgres-errors.js';
import { DomainError, httpStatus } from '../errors/domain-error.js';
import { sendProblem } from './problem.js';

const codes: Record<number, string> = {
  400: 'request.malformed',
  404: 'route.not_found',
  405: 'route.method_not_allowed',
  413: 'request.too_large',
  415: 'request.unsupported_media_type',
};

/** Every failure leaves as a problem document; what nobody expected is logged whole and told without detail. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('HTTP');

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error instanceof DomainError) return sendProblem(reply, httpStatus[error.kind], error.code, error.details);

    const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: number }).statusCode;
    if (status && status < 500) return sendProblem(reply, status, codes[status] ?? 'request.refused');

    const { id, method } = reply.request;
    this.log.error(
      `${id} ${method} ${reply.request.routeOptions.url ?? ''}: ${(error as Error)?.stack ?? String(error)}`,
    );
    if (isUnavailable(error))
      return sendProblem(reply, 503, 'service.unavailable', {
        detail: 'The service is busy or restarting. Try again in a moment.',
        retryAfter: 2,
      });
    sendProblem(reply, 500, 'service.failed', { detail: 'Something failed on our side. It was noted.' });
  }
}
