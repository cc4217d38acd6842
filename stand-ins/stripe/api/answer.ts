import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Account, newId } from '../model/account.js';
import { API_VERSION } from '../model/wire.js';
import { invalid, notImplemented, StripeError } from '../model/errors.js';
import type { Faults } from './faults.js';
import { readForm } from '../params/form.js';
import type { Idempotency } from './idempotency.js';
import { ROUTES } from './routes.js';

interface ApiResponse {
  status: number;
  body: string;
  requestId: string;
  replayed?: boolean;
  /** Whether the SDK may retry; absent: the SDK decides. */
  retry?: boolean;
}
interface Api {
  account: Account;
  idempotency: Idempotency;
  faults: Faults;
  origin: string;
  /** Resolves when the state is saved. */
  saved: () => Promise<void>;
}

/** Answers one call of the API under `/v1/`. */
export async function answerApi(
  api: Api,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const method = request.method ?? 'GET';
  const url = new URL(request.url ?? '/', api.origin);
  const requestId = newId('req', 14);
  const key = method === 'POST' ? header(request, 'idempotency-key') : undefined;
  const fault = api.faults.take(method, url.pathname);
  let answer: ApiResponse;
  try {
    checkKey(request);
    if (fault?.effect === 'before' && applyFault(fault, response)) return;
    answer = await perform(api, {
      method,
      url,
      body,
      key,
      requestId,
      slow: fault?.kind === 'slow' ? fault.ms : undefined,
    });
    if (fault?.effect === 'after') {
      if (fault.kind === 500 && key) {
        // Stripe replays a 500 of an endpoint, whatever the endpoint had done by then.
        const saved = api.account.state.answers[`key:${key}`];
        if (saved) Object.assign(saved, { status: 500, body: failure(500) });
      }
      await api.saved();
      if (applyFault(fault, response)) return;
    }
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    answer = { status: error.status, body: JSON.stringify(error.body()), requestId };
  }
  await api.saved();
  write(response, answer, key);
}

interface ApiCall {
  method: string;
  url: URL;
  body: string;
  key: string | undefined;
  requestId: string;
  slow: number | undefined;
}

async function perform({ account, idempotency, faults, origin }: Api, job: ApiCall): Promise<ApiResponse> {
  const { method, url, key, requestId } = job;
  const { handler, id } = route(method, url.pathname);
  const params = readForm(url.search.slice(1), job.body);
  const saved = key && idempotency.begin(key, url.pathname, params, account.now());
  if (saved) return { ...saved, replayed: true, ...(saved.status >= 500 && { retry: false }) };
  try {
    if (job.slow) await faults.pause(job.slow);
    account.request = { id: requestId, idempotency_key: key ?? null };
    const result = JSON.stringify(handler({ account, id, path: url.pathname, params, origin }), null, 2);
    // A request that was refused as invalid never ran, so nothing is saved under its key.
    if (key)
      idempotency.keep(key, { status: 200, body: result, requestId, path: url.pathname, at: account.now() }, params);
    return { status: 200, body: result, requestId };
  } finally {
    account.request = { id: null, idempotency_key: null };
    if (key) idempotency.end(key);
  }
}

function route(method: string, path: string) {
  const parts = path.split('/');
  for (const [name, handler] of Object.entries(ROUTES)) {
    const [verb, pattern = ''] = name.split(' ');
    const pieces = pattern.split('/');
    if (verb !== method || pieces.length !== parts.length) continue;
    const at = pieces.indexOf(':id');
    if (pieces.every((it, index) => index === at || it === parts[index]))
      return { handler, id: at < 0 ? '' : decodeURIComponent(parts[at] ?? '') };
  }
  throw notImplemented(method, path);
}

function checkKey(request: IncomingMessage): void {
  const [scheme, value = ''] = (request.headers.authorization ?? '').split(' ');
  const key = scheme === 'Basic' ? Buffer.from(value, 'base64').toString().split(':')[0]! : value;
  const refuse = (message: string) => new StripeError(401, 'invalid_request_error', message);
  if (!key) throw refuse('You did not provide an API key.');
  if (/^[sr]k_live_/.test(key))
    throw refuse('stand-in: live keys belong to the real Stripe; use sk_test_ or rk_test_.');
  if (!/^[sr]k_test_\w+$/.test(key)) throw refuse('Invalid API Key provided.');
  const version = header(request, 'stripe-version') ?? API_VERSION;
  if (version !== API_VERSION) throw invalid(`stand-in: speaks API version ${API_VERSION} only, not ${version}.`);
}

/** Applies a fault. @returns whether the call is over with it: answered, or never to be */
function applyFault(fault: { kind: unknown; ms?: number | undefined }, response: ServerResponse): boolean {
  if (fault.kind === 'hangup') response.destroy();
  else if (fault.kind === 429 || fault.kind === 500)
    write(response, { status: fault.kind, body: failure(fault.kind), requestId: newId('req', 14) });
  return fault.kind !== 'slow';
}

function failure(status: 429 | 500): string {
  const error =
    status === 429
      ? new StripeError(429, 'invalid_request_error', 'Too many requests hit the API too quickly.', 'rate_limit')
      : new StripeError(500, 'api_error', 'An unexpected error occurred (ordered by a test).');
  return JSON.stringify(error.body());
}

function write(response: ServerResponse, answer: ApiResponse, key?: string): void {
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'cache-control': 'no-cache, no-store',
    'request-id': answer.requestId,
    'stripe-version': API_VERSION,
    ...(key && { 'idempotency-key': key }),
    ...(answer.replayed && { 'idempotent-replayed': 'true', 'original-request': answer.requestId }),
    ...(answer.retry !== undefined && { 'stripe-should-retry': String(answer.retry) }),
  });
  response.end(answer.body);
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
