import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PushResponse, Refusal } from './answers.js';
import { Browsers } from './browsers.js';
import { Page } from './page.js';
import { type StoredMessages, MessageStore, type Push, type BrowserSubscription } from './message-store.js';
import { readBody, type Fault, type RefusedMessage, Senders } from './senders.js';
import { isLocalRequest } from '../shared/local-host.js';
import { ownConnections } from '../shared/own-connections.js';
import { StateFile } from '../shared/state-file.js';
import { publicKey } from './vapid.js';

interface PushServiceOptions {
  /** The port of http and ws, open to this machine only; 0 lets the system choose. */
  readonly port: number;
  /** A JSON file that keeps subscriptions and waiting messages across restarts. */
  readonly statePath?: string;
  /** The clock for expiry; the machine's by default. */
  readonly now?: () => Date;
}

/** A message with its endpoint, and the URL at which the sender can delete it. */
export type Received = Push & { readonly endpoint: string; readonly messageUrl: string };

/** A subscription with its endpoint and whether its browser is connected. */
export type Subscribed = BrowserSubscription & { readonly endpoint: string; readonly connected: boolean };

/**
 * A push service for one's own machine. Browsers get Mozilla's autopush protocol (an unmodified Firefox finds it by
 * `dom.push.serverURL`), and senders get RFC 8030 with VAPID. A real service refuses everything that this one refuses.
 */
export interface PushService {
  /** The address of its page and the origin of every endpoint. */
  readonly url: string;
  /** The value for Firefox's `dom.push.serverURL`. */
  readonly wsUrl: string;
  /** Makes a subscription without a browser; the caller holds its keys. @returns its endpoint */
  subscribe(applicationServerKey: string | null): string;
  /** Returns the subscriptions, oldest first, with those that have ended. */
  subscriptions(): Subscribed[];
  /** Returns the accepted messages, oldest first, of one endpoint or of all. */
  pushes(endpoint?: string): Received[];
  /** Returns the refused messages, oldest first, with those that got a fault. */
  refusals(): RefusedMessage[];
  /** Returns the browsers' answers to messages: 100 decrypted, 101 not decrypted, 102 not delivered. */
  acks(): { endpoint: string; id: string; code: number }[];
  /** Ends a subscription without telling its browser; senders then get 410. */
  expire(endpoint: string): void;
  /** Forgets all browsers: each is disconnected, gets a new id when it connects again, and must subscribe again. */
  newUaid(): void;
  /** Disconnects browsers and refuses them, or accepts them again. Messages wait meanwhile. */
  setReachable(reachable: boolean): void;
  /** Sets the fault, or ends it with undefined. */
  setFault(fault: Fault | undefined): void;
  /** Forgets refusals and the messages that wait no longer. */
  clear(): void;
  close(): Promise<void>;
}

/** Starts the service. @throws the system's error (EADDRINUSE with its `port`); Error for a file that holds no state */
export async function startPushService({
  port,
  statePath,
  now = () => new Date(),
}: PushServiceOptions): Promise<PushService> {
  let url = '';
  let reachable = true;
  const file: StateFile<StoredMessages> = new StateFile(statePath, () => store.state());
  const store: MessageStore = new MessageStore(now, file.read());
  const changed = (): void => page.announceChange();
  const saved = (): Promise<void> => {
    changed();
    return file.save();
  };
  const endpointOf = ({ token, key }: BrowserSubscription): string =>
    `${url}/wpush/${key === null ? 'v1' : 'v2'}/${token}`;
  const tokenOf = (endpoint: string): string => endpoint.slice(endpoint.lastIndexOf('/') + 1);
  const browsers = new Browsers(store, { endpointOf, changed, saved });
  const senders = new Senders(store, {
    origin: () => url,
    now,
    deliver: (push) => browsers.deliver(push),
    changed,
    saved,
  });
  const service: PushService = {
    get url() {
      return url;
    },
    get wsUrl() {
      return `${url.replace('http', 'ws')}/`;
    },
    subscribe: (key) => {
      if (key !== null) publicKey(key);
      const subscription = store.subscribe(null, undefined, key);
      saved().catch(() => undefined);
      return endpointOf(subscription);
    },
    subscriptions: () =>
      store.subscriptions().map((it) => ({ ...it, endpoint: endpointOf(it), connected: browsers.has(it.uaid) })),
    pushes: (endpoint) => {
      const endpoints = new Map(store.subscriptions().map((it) => [it.token, endpointOf(it)]));
      return store
        .pushes()
        .filter((it) => endpoint === undefined || it.token === tokenOf(endpoint))
        .map((it) => ({ ...it, endpoint: endpoints.get(it.token) ?? '', messageUrl: senders.urlOf(it) }));
    },
    refusals: () => [...senders.refusals],
    acks: () =>
      service
        .pushes()
        .flatMap(({ endpoint, id, ackCode }) => (ackCode === undefined ? [] : [{ endpoint, id, code: ackCode }])),
    expire: (endpoint) => {
      store.endSubscription(store.find(tokenOf(endpoint)), 'expired');
      saved().catch(() => undefined);
    },
    newUaid: () => {
      store.forgetBrowsers();
      browsers.disconnect();
      saved().catch(() => undefined);
    },
    setReachable: (now) => {
      reachable = now;
      if (!now) browsers.disconnect();
    },
    setFault: (fault) => senders.setFault(fault),
    clear: () => {
      store.forgetFinished();
      senders.refusals.length = 0;
      changed();
    },
    close: async () => {
      page.close();
      browsers.close();
      const closed = once(http, 'close');
      http.close();
      endConnections();
      await closed;
      await file.settled();
    },
  };
  const page = new Page(service);

  const http = createServer((request, response) => {
    answer(request, response).then(
      (it) => it && send(response, it),
      (error: Error) => {
        if (error instanceof Refusal) send(response, error.response());
        else send(response, { status: 500, body: `${error.stack}\n` });
      },
    );
  });
  const endConnections = ownConnections(http);
  http.on('upgrade', (request, socket, head) => {
    if (reachable && isLocalRequest(request)) browsers.upgrade(request, socket, head);
    else socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<PushResponse | undefined> {
    if (!isLocalRequest(request))
      return { status: 421, body: 'This server is for this machine only. Open it as localhost.\n' };
    if (!URL.canParse(request.url ?? '/', url)) throw new Refusal(400, null, 'The URL is not valid');
    const { method } = request;
    const { pathname } = new URL(request.url ?? '/', url);
    const [, token] = /^\/wpush\/v[12]\/([\w-]+)$/.exec(pathname) ?? [];
    const [, message] = /^\/m\/([\w-]+)$/.exec(pathname) ?? [];
    const [, ending] = /^\/__standin\/subscriptions\/([\w-]+)$/.exec(pathname) ?? [];
    if (token) {
      if (method !== 'POST') throw new Refusal(405, null, 'A message is sent with POST');
      return senders.post(token, request);
    }
    if (message && method === 'DELETE') return senders.delete(message);
    if (pathname === '/__standin/subscriptions' && method === 'POST') return subscribe(request);
    if (ending && method === 'DELETE') {
      service.expire(ending);
      return { status: 204 };
    }
    return page.answer(request, response);
  }

  /** Subscribes for other processes. It accepts only JSON, which pages of other sites cannot send without a preflight. */
  async function subscribe(request: IncomingMessage): Promise<PushResponse> {
    const body = (await readBody(request, 1_024)).toString();
    if (!request.headers['content-type']?.startsWith('application/json'))
      return { status: 415, body: 'The Content-Type must be application/json.\n' };
    const key = keyIn(body);
    if (key !== null && typeof key !== 'string')
      return { status: 400, body: 'The body must be {"key": "base64url"}.\n' };
    return { status: 201, body: { endpoint: service.subscribe(key) } };
  }

  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  url = `http://localhost:${(http.address() as AddressInfo).port}`;
  return service;
}

/** Returns the key in a body; undefined where the body is not a JSON object. */
function keyIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { key?: unknown } | null)?.key;
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, { status, headers, body }: PushResponse): void {
  if (typeof body === 'string') response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body);
  else if (body === undefined) response.writeHead(status, headers).end();
  else response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
