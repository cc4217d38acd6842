import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PushAnswer, Refusal } from './answers.js';
import { Browsers } from './browsers.js';
import { Page } from './page.js';
import { type OfficeState, PostOffice, type Push, type BrowserSubscription } from './message-store.js';
import { bodyOf, type Fault, type Refused, Senders } from './senders.js';
import { meantForHere } from '../shared/local-host.js';
import { StateFile } from '../shared/state-file.js';
import { publicKey } from './vapid.js';

interface PushServiceOptions {
  /** 0 lets the system choose. http and ws share it; it is open to this machine only. */
  readonly port: number;
  /** A JSON file that keeps subscriptions and waiting messages over a restart. */
  readonly statePath?: string;
  /** Judges what expires; the machine's clock by default. */
  readonly now?: () => Date;
}

/** A push, with the endpoint it came to and the URL that takes it back. */
export type Received = Push & { readonly endpoint: string; readonly messageUrl: string };

/** A subscription, with its endpoint and whether its browser is here now. */
export type Subscribed = BrowserSubscription & { readonly endpoint: string; readonly connected: boolean };

/**
 * A push service for one's own machine: to browsers it is Mozilla's autopush (an unmodified Firefox finds it by
 * `dom.push.serverURL`), to senders RFC 8030 with VAPID. What it refuses, a real service refuses too.
 */
export interface PushService {
  /** Its page, and the origin of every endpoint. */
  readonly url: string;
  /** For Firefox's `dom.push.serverURL`. */
  readonly wsUrl: string;
  /** Makes a subscription with no browser behind it: whoever asks holds the keys. @returns its endpoint */
  subscribe(applicationServerKey: string | null): string;
  /** Oldest first, with those that are no more. */
  subscriptions(): Subscribed[];
  /** The messages accepted, oldest first, with what became of each; narrowed to one endpoint. */
  pushes(endpoint?: string): Received[];
  /** The messages refused, oldest first, those that met a fault included. */
  refusals(): Refused[];
  /** What browsers said of messages they got: 100 decrypted, 101 not decrypted, 102 not delivered. */
  acks(): { endpoint: string; id: string; code: number }[];
  /** Ends a subscription without telling its browser: senders get 410. */
  expire(endpoint: string): void;
  /** Forgets all browsers: each is cut off, gets a new id when it is back, and must subscribe again. */
  newUaid(): void;
  /** Cuts browsers off and keeps them off, or lets them come again. Messages wait meanwhile. */
  setReachable(reachable: boolean): void;
  /** Replaces the fault before; undefined ends it. */
  setFault(fault: Fault | undefined): void;
  /** Forgets refusals, and messages that are over. */
  clear(): void;
  close(): Promise<void>;
}

/** @throws the system's error (EADDRINUSE with its `port`); Error where the state file is none */
export async function startPushService({
  port,
  statePath,
  now = () => new Date(),
}: PushServiceOptions): Promise<PushService> {
  let url = '';
  let reachable = true;
  const file: StateFile<OfficeState> = new StateFile(statePath, () => office.state());
  const office: PostOffice = new PostOffice(now, file.read());
  const changed = (): void => page.announce();
  const saved = (): Promise<void> => {
    changed();
    return file.save();
  };
  const endpointOf = ({ token, key }: BrowserSubscription): string =>
    `${url}/wpush/${key === null ? 'v1' : 'v2'}/${token}`;
  const tokenOf = (endpoint: string): string => endpoint.slice(endpoint.lastIndexOf('/') + 1);
  const browsers = new Browsers(office, { endpointOf, changed, saved });
  const senders = new Senders(office, {
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
      const subscription = office.subscribe(null, undefined, key);
      saved().catch(() => undefined);
      return endpointOf(subscription);
    },
    subscriptions: () =>
      office.subscriptions().map((it) => ({ ...it, endpoint: endpointOf(it), connected: browsers.has(it.uaid) })),
    pushes: (endpoint) => {
      const endpoints = new Map(office.subscriptions().map((it) => [it.token, endpointOf(it)]));
      return office
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
      office.end(office.find(tokenOf(endpoint)), 'expired');
      saved().catch(() => undefined);
    },
    newUaid: () => {
      office.forgetBrowsers();
      browsers.disconnect();
      saved().catch(() => undefined);
    },
    setReachable: (now) => {
      reachable = now;
      if (!now) browsers.disconnect();
    },
    setFault: (fault) => senders.setFault(fault),
    clear: () => {
      office.forgetPast();
      senders.refusals.length = 0;
      changed();
    },
    close: async () => {
      page.close();
      browsers.close();
      const closed = once(http, 'close');
      http.close();
      http.closeAllConnections();
      await closed;
      await file.settled();
    },
  };
  const page = new Page(service);

  const http = createServer((request, response) => {
    answer(request, response).then(
      (it) => it && send(response, it),
      (error: Error) => {
        if (error instanceof Refusal) send(response, error.answer());
        else send(response, { status: 500, body: `${error.stack}\n` });
      },
    );
  });
  http.on('upgrade', (request, socket, head) => {
    if (reachable && meantForHere(request)) browsers.upgrade(request, socket, head);
    else socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<PushAnswer | undefined> {
    if (!meantForHere(request)) return { status: 421, body: 'For this machine only: ask for localhost.\n' };
    if (!URL.canParse(request.url ?? '/', url)) throw new Refusal(400, null, 'This is no address');
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

  /** For other processes. JSON alone is taken, so that no other site's page can ask without being asked first. */
  async function subscribe(request: IncomingMessage): Promise<PushAnswer> {
    const body = (await bodyOf(request, 1_024)).toString();
    if (!request.headers['content-type']?.startsWith('application/json'))
      return { status: 415, body: 'JSON, please\n' };
    const key = keyIn(body);
    if (key !== null && typeof key !== 'string') return { status: 400, body: 'The body is {"key": "base64url"}\n' };
    return { status: 201, body: { endpoint: service.subscribe(key) } };
  }

  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  url = `http://localhost:${(http.address() as AddressInfo).port}`;
  return service;
}

/** What a body asks for; undefined where it is no JSON object. */
function keyIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { key?: unknown } | null)?.key;
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, { status, headers, body }: PushAnswer): void {
  if (typeof body === 'string') response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body);
  else if (body === undefined) response.writeHead(status, headers).end();
  else response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
