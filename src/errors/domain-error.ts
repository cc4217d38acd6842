/** What went wrong, in the terms of the domain: HTTP, sockets and jobs each translate it for their own caller. */
type ErrorKind = keyof typeof httpStatus;

/** The one table from kind to HTTP status. */
export const httpStatus = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  tooLarge: 413,
  unsupported: 415,
  unprocessable: 422,
  tooMany: 429,
  unavailable: 503,
} as const;

export interface ErrorDetails {
  /** For people: what happened and what to do. */
  detail?: string;
  errors?: { path: string; message: string }[];
  /** Seconds until another try makes sense (the Retry-After header). */
  retryAfter?: number;
  /** Further public members of the problem document. */
  members?: Record<string, unknown>;
}

/** An expected failure. `code` is stable and public (`comment.not_found`); nothing private belongs into `details`. */
export class DomainError extends Error {
  constructor(
    readonly code: string,
    readonly kind: ErrorKind,
    readonly details: ErrorDetails = {},
  ) {
    super(details.detail ?? code);
    this.name = 'DomainError';
  }
}

/** Hidden, foreign, malformed and absent look the same from outside. */
export const notFound = (what: string): DomainError =>
  new DomainError(`${what}.not_found`, 'notFound', { detail: `There is no such ${what}.` });
