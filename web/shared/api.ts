import type { paths } from './api-types.js';
import { base } from './origin.js';
import { ApiProblem, retryAfter } from './problem.js';
import { learnServerTime } from './server-clock.js';

// A client of our own on the generated types: openapi-fetch takes 2.6 kB (brotli) of the embed's 30.

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The paths that answer to a method, without the prefix that all share. */
type Path<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, object> ? (P extends `/api/v1${infer Rest}` ? Rest : never) : never;
}[keyof paths];

type Operation<M extends Method, P extends Path<M>> = paths[`/api/v1${P}` & keyof paths][M];

type Json<T> = T extends { content: { 'application/json': infer Body } } ? Body : undefined;

/** The JSON of an operation's success; undefined where it is empty. */
type OperationAnswer<O> = O extends { responses: infer All }
  ? { [S in keyof All & (200 | 201 | 202 | 204)]: Json<All[S]> }[keyof All & (200 | 201 | 202 | 204)]
  : never;

/** The query parameters are texts in the contract; what is null or undefined is left out. */
type Query<Q> = { [Name in keyof Q]?: Q[Name] | number | null | undefined };

type Parameters<O> = (O extends { parameters: { path: infer P } } ? { path: P } : { path?: never }) &
  (O extends { parameters: { query?: infer Q } } ? { query?: Query<NonNullable<Q>> } : { query?: never }) &
  (O extends { requestBody: infer B } ? { body: Json<B> } : { body?: never });

interface Options {
  /** The same key on every retry of one intention; see `newKey`. */
  idempotencyKey?: string;
  headers?: Record<string, string> | undefined;
  /** A read that is the same for everybody: sent without cookies, so that caches may share it. */
  public?: boolean;
  signal?: AbortSignal;
  timeoutMs?: number;
}

type Request<O> = Parameters<O> & Options;

/** The request may be left out where nothing of it is required. */
type Arguments<O> = object extends Request<O> ? [request?: Request<O>] : [request: Request<O>];

type Call<M extends Method> = <P extends Path<M>>(
  path: P,
  ...args: Arguments<Operation<M, P>>
) => Promise<OperationAnswer<Operation<M, P>>>;

/** A request without its types, as the code below handles it. */
interface AnyRequest extends Options {
  path?: Record<string, string>;
  query?: Record<string, string | number | null | undefined>;
  body?: unknown;
}

const TIMEOUT_MS = 15_000;

/** A fresh Idempotency-Key, a UUID (version 4): keep it until the intention has an answer. */
export const newKey = (): string =>
  // `crypto.randomUUID` exists only in a secure context.
  '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (it) =>
    (Number(it) ^ (crypto.getRandomValues(new Uint8Array(1))[0]! & (15 >> (Number(it) / 4)))).toString(16),
  );

/** The address of a path of the contract below the API's prefix, its parameters filled in. */
function address(template: string, { path, query = {} }: AnyRequest): string {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const search = set.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
  return (
    template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path![name]!)) + (search && `?${search}`)
  );
}

async function send(method: Method, path: string, request: AnyRequest): Promise<Response> {
  const headers: Record<string, string> = { ...request.headers };
  // A browser sends text without asking the server first whether it may.
  if (request.body !== undefined && !request.public) headers['content-type'] = 'application/json';
  if (request.idempotencyKey) headers['idempotency-key'] = request.idempotencyKey;
  const limit = AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS);
  try {
    return await fetch(`${base}api/v1${address(path, request)}`, {
      method: method.toUpperCase(),
      headers,
      credentials: request.public ? 'omit' : 'include',
      signal: request.signal ? AbortSignal.any([request.signal, limit]) : limit,
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
  } catch (error) {
    if (request.signal?.aborted) throw error;
    const code = navigator.onLine === false ? 'network.offline' : 'network.unreachable';
    throw new ApiProblem(0, { code, detail: String(error) });
  }
}

/** Resolves to the answer's JSON (undefined for an empty one), rejects with an `ApiProblem`. */
async function call(method: Method, path: string, request: AnyRequest = {}): Promise<unknown> {
  const sentAt = Date.now();
  const response = await send(method, path, request);
  learnServerTime(response.headers.get('date'), sentAt, request.public === true);
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
  return json;
}

const method = <M extends Method>(name: M) =>
  ((path: string, request?: AnyRequest) => call(name, path, request)) as Call<M>;

/**
 * Calls the API: `api.get('/articles/{key}/events', { path: { key }, query: { after } })`. Paths, parameters, bodies and
 * answers are typed by the contract. Resolves to the answer's JSON, rejects with an `ApiProblem`.
 */
export const api = {
  /** A read that everybody shares: no cookies go out, none come back. */
  read: ((path: string, request?: AnyRequest) => call('get', path, { ...request, public: true })) as Call<'get'>,
  get: method('get'),
  post: method('post'),
  put: method('put'),
  patch: method('patch'),
  delete: method('delete'),
};
