import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { outageOf } from '../database/outage.js';
import { DomainError, type ErrorDetails, httpStatus } from '../errors/domain-error.js';
import { methodsAt } from './allowed-methods.js';
import { keepable } from '../errors/outside-error.js';
import { BODY_LIMIT } from './fastify.js';
import { sendProblem } from './problem.js';
import { countRefusedWebhook, isWebhook, isWebhookWithSlash } from './webhook.js';

// The codes of the HTTP server's own refusals. Its only bad request is a body that is not JSON.
const refusals: Record<number, { code: string } & ErrorDetails> = {
  400: {
    code: 'request.malformed',
    detail: 'The body is not valid JSON.',
    errors: [{ path: '', message: 'is not valid JSON' }],
  },
  404: { code: 'route.not_found', detail: 'There is nothing at this address.' },
  405: { code: 'route.method_not_allowed', detail: 'This address does not answer that method.' },
  415: { code: 'request.unsupported_media_type', detail: 'Send the body as application/json.' },
};

const busy: ErrorDetails = {
  detail: 'The service is busy or restarting. Try again in a moment.',
  retryAfter: 2,
};
const readOnly: ErrorDetails = {
  detail: 'Nothing can be saved at the moment. Reading works. Try again in a moment.',
  retryAfter: 5,
};

/** Answers every failure with a problem document. An unexpected error is logged in full and answered without detail. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('HTTP');

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error instanceof DomainError) {
      if (error.kind === 'unavailable') this.logUnavailable(reply, error.code, error.message);
      return sendProblem(reply, httpStatus[error.kind], error.code, error.details);
    }

    let status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: number }).statusCode;
    const methods = status === 404 ? methodsAt(reply.request) : [];
    if (methods.length) {
      status = 405;
      void reply.header('allow', methods.join(', '));
    }
    // A vendor retries anything but a 400, and a body that is too large will not get smaller.
    if (status === 413 && isWebhook(reply.request)) {
      countRefusedWebhook('with a body that is too large');
      return sendProblem(reply, 400, 'webhook.refused', {
        detail: 'The event is too large.',
        errors: [{ path: '', message: 'is too large' }],
      });
    }
    if (status === 404 && isWebhookWithSlash(reply.request)) {
      countRefusedWebhook('at an address that ends with a slash: remove it from the endpoint at the vendor');
      return sendProblem(reply, 404, 'webhook.refused', {
        detail: 'Remove the slash at the end of the endpoint’s address. Webhooks are taken without it.',
      });
    }
    if (status === 413) {
      const limit = Math.floor((reply.request.routeOptions.bodyLimit ?? BODY_LIMIT) / 1024);
      return sendProblem(reply, 413, 'request.too_large', {
        detail: `The body has more than ${limit} KiB. Send less.`,
      });
    }
    if (status && status < 500) {
      const { code, ...details } = refusals[status] ?? {
        code: 'request.refused',
        detail: 'The server refused this request.',
      };
      return sendProblem(reply, status, code, details);
    }

    const outage = outageOf(error);
    if (outage) {
      this.logUnavailable(reply, outage.reason, outage.detail);
      return sendProblem(reply, 503, 'service.unavailable', outage.reason === 'database_read_only' ? readOnly : busy);
    }
    const { id, method } = reply.request;
    const route = reply.request.routeOptions.url ?? '';
    const kept = keepable(error);
    this.log.error(`${id} ${method} ${route}: ${(kept as Error)?.stack ?? String(kept)}`, {
      status: 500,
      method,
      route,
      request: id,
    });
    sendProblem(reply, 500, 'service.failed', {
      detail: 'Something failed on our side and was logged. Try again in a moment.',
    });
  }

  /** One line for each 503, with words to search for. Probes of readiness are left out: they come every second. */
  private logUnavailable(
    { request: { id, method, routeOptions } }: FastifyReply,
    reason: string,
    detail: string,
  ): void {
    const { url: route = '' } = routeOptions;
    if (route.startsWith('/health')) return;
    const text = `503 reason=${reason} ${method} ${route} request=${id}: ${detail}`;
    this.log.warn(text, { status: 503, reason, method, route, request: id });
  }
}
