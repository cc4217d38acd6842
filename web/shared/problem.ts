import type { Schemas } from './contract.js';

/** The failure of a request: the server's problem document, or a network that did not answer. */
export class ApiProblem extends Error {
  override name = 'ApiProblem';
  /** HTTP status, or 0 when no answer arrived. */
  readonly status: number;
  /** Stable code of the problem document, else `network.offline`, `network.unreachable` or `http.<status>`. */
  readonly code: string;
  readonly errors: NonNullable<Schemas['Problem']['errors']>;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** The whole document; that of a 409 has the state that a colleague's decision left. */
  readonly document: Record<string, unknown>;

  constructor(status: number, document: Record<string, unknown>, retryAfterSeconds?: number) {
    const code = typeof document.code === 'string' ? document.code : `http.${status}`;
    super(typeof document.detail === 'string' ? document.detail : code);
    this.status = status;
    this.code = code;
    this.errors = Array.isArray(document.errors) ? (document.errors as ApiProblem['errors']) : [];
    this.requestId = typeof document.requestId === 'string' ? document.requestId : undefined;
    this.retryAfterSeconds = retryAfterSeconds;
    this.document = document;
  }

  /** True when no server answered. The request may then be repeated with the same Idempotency-Key. */
  get offline(): boolean {
    return this.status === 0;
  }
}

/** Turns anything that was thrown into a problem, so that a view has one type to show. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(0, { code: 'client.failed', detail: error instanceof Error ? error.message : String(error) });
}

/** Tells whether the same request can succeed later: no server answered, it was busy, or it failed. */
export const isWorthRetrying = ({ status }: ApiProblem): boolean => status === 0 || status === 429 || status >= 500;

/** Reads `Retry-After`, a number or a date. @returns seconds */
export function retryAfter(header: string | null, now = Date.now()): number | undefined {
  if (!header) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}
