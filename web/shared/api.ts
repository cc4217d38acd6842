import { base } from './origin.js';
import { ApiProblem, retryAfter } from './problem.js';

export interface RequestOptions {
  /** Sent as JSON; absent where the contract defines no body. */
  body?: unknown;
  /** The same key on every retry of one intention; see `newKey`. */
  idempotencyKey?: string;
  /** A read that is the same for everybody: sent without cookies, so that caches may share it. */
  public?: boolean;
  signal?: AbortSignal;
  timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;

/** A fresh Idempotency-Key: keep it until the intention has an answer. */
export const newKey = (): string => crypto.randomUUID();

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = {};
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (options.idempotencyKey) headers['idempotency-key'] = options.idempotencyKey;
  const limit = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  try {
    return await fetch(`${base}api/v1${path}`, {
      method,
      headers,
      credentials: options.public ? 'omit' : 'include',
      signal: options.signal ? AbortSignal.any([options.signal, limit]) : limit,
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    const code = navigator.onLine === false ? 'network.offline' : 'network.unreachable';
    throw new ApiProblem(0, { code, detail: String(error) });
  }
}

/** Calls the API; resolves to the answer's JSON (undefined for an empty one), rejects with an `ApiProblem`. */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(method, path, options);
  const text = await response.text().catch(() => '');
  let json: unknown;
  try {
    json = text ? JSON.parse(text) : undefined;
  } catch {
    json = undefined;
  }
  if (!response.ok) {
    const document = (json && typeof json === 'object' ? json : {}) as Record<string, unknown>;
    throw new ApiProblem(response.status, document, retryAfter(response.headers.get('retry-after')));
  }
  return json as T;
}

export const api = {
  /** A read that everybody shares: no cookies go out, none come back. */
  read: <T>(path: string, options: RequestOptions = {}) => request<T>('GET', path, { ...options, public: true }),
  get: <T>(path: string, options?: RequestOptions) => request<T>('GET', path, options),
  post: <T>(path: string, body?: unknown, options: RequestOptions = {}) =>
    request<T>('POST', path, { ...options, body }),
  put: <T>(path: string, body?: unknown) => request<T>('PUT', path, { body }),
  patch: <T>(path: string, body: unknown) => request<T>('PATCH', path, { body }),
  delete: <T>(path: string) => request<T>('DELETE', path),
};

/** `?a=1&b=2` of what is set. */
export function query(params: Record<string, string | number | null | undefined>): string {
  const set = Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return set.length ? `?${new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString()}` : '';
}

/** A value as one segment of a path. */
export const seg = encodeURIComponent;
