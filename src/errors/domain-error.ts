/** The kinds of failure. HTTP, sockets and jobs each translate them for their callers. */
type ErrorKind = keyof typeof httpStatus;

/** The HTTP status of each kind. */
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
  /** Sentences for people that say what happened and what to do. */
  detail?: string;
  errors?: { path: string; message: string }[];
  /** The seconds after which a retry makes sense (the Retry-After header). */
  retryAfter?: number;
  /** Further public members of the problem document. */
  members?: Record<string, unknown>;
}

/** An expected failure. `code` is stable and public (`comment.not_found`), and `details` must hold nothing private. */
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

/** Returns the 404 of a thing that is hidden, foreign, malformed or absent, which look the same from outside. */
export const notFound = (what: string): DomainError =>
  new DomainError(`${what}.not_found`, 'notFound', { detail: `There is no such ${what}.` });
