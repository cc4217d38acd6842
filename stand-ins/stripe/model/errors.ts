import type { Kind } from './wire.js';

/** A refusal in Stripe's shape: a status and `{error: {type, code, message, param}}`. */
export class StripeError extends Error {
  constructor(
    readonly status: number,
    readonly type: 'invalid_request_error' | 'idempotency_error' | 'card_error' | 'api_error',
    message: string,
    readonly code?: string,
    readonly param?: string,
  ) {
    super(message);
  }

  body() {
    const { type, code, message, param } = this;
    return { error: { ...(code && { code }), message, ...(param && { param }), type } };
  }
}

/** Makes a 400 for a request that Stripe refuses. */
export const invalid = (message: string, param?: string, code?: string) =>
  new StripeError(400, 'invalid_request_error', message, code, param);

/** Makes a 400 for a parameter that the stand-in does not know: it must not succeed without an effect. */
export const unknownParameter = (param: string) =>
  invalid(`Received unknown parameter: ${param} (offline stand-in)`, param, 'parameter_unknown');

export const noSuchObject = (kind: Kind, id: string, param = 'id') =>
  new StripeError(404, 'invalid_request_error', `No such ${kind}: '${id}'`, 'resource_missing', param);

export const notImplemented = (method: string, path: string) =>
  new StripeError(404, 'invalid_request_error', `stand-in: not implemented: ${method} ${path}`);
