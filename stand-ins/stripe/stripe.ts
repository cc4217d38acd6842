import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Account } from './model/account.js';
import { isLocalRequest } from '../shared/local-host.js';
import { ownConnections } from '../shared/own-connections.js';
import { answerApi } from './api/answer.js';
import { invalid, StripeError } from './model/errors.js';
import { Faults } from './api/faults.js';
import { Idempotency } from './api/idempotency.js';
import { runDue } from './control/due.js';
import { servePortal } from './billing/portal.js';
import { serveCheckout } from './checkout/serve.js';
import { Control } from './control/control.js';
import { answerControl } from './control/control-http.js';
import { serveDashboard } from './control/dashboard.js';
import { stylesheet } from './page/html.js';
import { StripeState } from './model/state.js';
import { Deliveries } from './webhooks/deliveries.js';

export interface StripeOptions {
  /** 0 lets the system choose. */
  port: number;
  /** The webhook endpoint; events wait until there is one (`setWebhook`). */
  webhookUrl?: string | undefined;
  /** Made at random if absent. */
  webhookSecret?: string | undefined;
  /** The JSON file of the state; absent: the state ends with the process. */
  statePath?: string | undefined;
  /** Seconds after which a bank debit settles by itself; absent: only on command. */
  settleAfter?: number | undefined;
  /** Milliseconds before a failed delivery is repeated; doubles each time. */
  firstRetry?: number | undefined;
}

/** A stand-in for Stripe on this machine: the API for the unmodified SDK, the hosted pages and signed webhooks. */
export interface StripeStandIn extends Control {
  readonly url: string;
  /** Options for the constructor of the SDK. */
  readonly client: { host: string; port: number; protocol: 'http' };
  readonly webhookSecret: string;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 1024 * 1024;

/** Starts the stand-in, open to this machine only. @throws the system's error (EADDRINUSE with its `port`) */
export async function startStripe(options: StripeOptions): Promise<StripeStandIn> {
  const webhookSecret = options.webhookSecret ?? `whsec_${randomBytes(24).toString('hex')}`;
  const store = new StripeState(options.statePath);
  const saved = () => store.saved();
  const faults = new Faults();
  const account = new Account(
    store.state,
    (event) => {
      if (!deliveries.generates(event.type)) return;
      account.add('event', event);
      deliveries.add(event);
    },
    options.settleAfter ?? null,
  );
  const idempotency = new Idempotency(store.state);

  const http = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const refusal =
        error instanceof StripeError
          ? error
          : new StripeError(500, 'api_error', `stand-in: ${error instanceof Error ? error.stack : String(error)}`);
      if (response.headersSent) response.destroy();
      else
        response.writeHead(refusal.status, { 'content-type': 'application/json' }).end(JSON.stringify(refusal.body()));
    });
  });
  const endConnections = ownConnections(http);
  http.listen(options.port, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  const url = `http://localhost:${port}`;

  const deliveries = new Deliveries(
    store.state.deliveries,
    (id) => account.find('event', id),
    saved,
    options.webhookUrl,
    webhookSecret,
    options.firstRetry ?? 1000,
  );
  const control = new Control(account, deliveries, faults, saved);
  const site = { account, saved };
  const api = { account, idempotency, faults, origin: url, saved };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isLocalRequest(request))
      throw new StripeError(421, 'invalid_request_error', 'stand-in: open to localhost only.');
    const path = pathOf(request, url);
    const body = await read(request);
    runDue(account);
    if (path.startsWith('/v1/') || path.startsWith('/v2/')) await answerApi(api, request, response, body);
    else if (path.startsWith('/c/pay/')) await serveCheckout(site, request, response, body);
    else if (path.startsWith('/p/session/')) await servePortal(site, request, response, body);
    else if (path.startsWith('/__standin/')) await answerControl(control, request, response, body);
    else if (path === '/') await serveDashboard(account, control, request, response, body);
    else if (path === '/stand-in.css') response.writeHead(200, { 'content-type': 'text/css' }).end(await stylesheet());
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('stand-in: not implemented\n');
  }

  const clock = setInterval(() => {
    if (runDue(account)) saved().catch(() => undefined);
  }, 1000).unref();

  return Object.assign(control, {
    url,
    client: { host: 'localhost', port, protocol: 'http' as const },
    webhookSecret,
    close: async () => {
      clearInterval(clock);
      deliveries.close();
      http.close();
      endConnections();
      await once(http, 'close');
      await store.settled();
    },
  });
}

/** Returns the path of a request. @throws StripeError 400 for an invalid URL */
function pathOf(request: IncomingMessage, origin: string): string {
  const requested = request.url ?? '/';
  try {
    const { pathname } = new URL(requested, origin);
    decodeURIComponent(pathname);
    return pathname;
  } catch {
    throw invalid('stand-in: the URL is not valid.');
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new StripeError(413, 'invalid_request_error', 'Request body too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
