import { io, type ManagerOptions, type Socket } from 'socket.io-client';
import type { Ack } from '../../src/realtime/live.types.js';
import type { ArticleFrame, Schemas } from '../../web/shared/contract.js';

export interface HttpAnswer<Body = Record<string, unknown>> {
  status: number;
  body: Body;
  headers: Headers;
  text: string;
}

/** A comment as the API shows it. */
export type CommentView = Schemas['Comment'];

/** A browser with its cookies, its origin and its sockets. */
export class Actor {
  readonly cookies = new Map<string, string>();
  /** The account's public id. */
  accountId = '';
  /** The key of the account's row, for SQL. Only `TestApp` knows it. */
  rowId = '';
  private readonly sockets: LiveClient[] = [];

  constructor(
    readonly url: string,
    readonly origin: string,
  ) {}

  get<Body = Record<string, unknown>>(path: string, headers?: Record<string, string>): Promise<HttpAnswer<Body>> {
    return this.send<Body>('GET', path, undefined, headers);
  }
  post<Body = Record<string, unknown>>(
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<HttpAnswer<Body>> {
    return this.send<Body>('POST', path, body, headers);
  }
  put<Body = Record<string, unknown>>(
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<HttpAnswer<Body>> {
    return this.send<Body>('PUT', path, body, headers);
  }
  patch<Body = Record<string, unknown>>(path: string, body?: unknown): Promise<HttpAnswer<Body>> {
    return this.send<Body>('PATCH', path, body);
  }
  delete<Body = Record<string, unknown>>(
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<HttpAnswer<Body>> {
    return this.send<Body>('DELETE', path, body, headers);
  }

  /** Sends a request as a browser does, with cookies, Origin and JSON. An empty header is left out. */
  async send<Body>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<HttpAnswer<Body>> {
    const all: Record<string, string> = {
      origin: this.origin,
      // Compression costs CPU in every test. test/http/wire.spec.ts asks for it.
      'accept-encoding': 'identity',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(this.cookies.size ? { cookie: this.cookieHeader } : {}),
      ...headers,
    };
    const response = await fetch(`${this.url}${path.startsWith('/health') ? '' : '/api/v1'}${path}`, {
      method,
      headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const [name = '', value = ''] = pair.split('=');
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      body: (isJson && text ? JSON.parse(text) : {}) as Body,
      headers: response.headers,
      text,
    };
  }

  get cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Uses a sign-in link as the button of its page does. */
  async signIn(link: string): Promise<void> {
    await this.get('/session'); // the browser gets its id cookie, as on every page
    const token = new URL(link).hash.replace('#token=', '');
    const { status, body } = await this.post<Schemas['Redeemed']>('/sign-in-links/redeem', { token });
    if (status !== 200) throw new Error(`Signing in answered ${status}: ${JSON.stringify(body)}`);
    this.accountId = body.account.id;
  }

  /** Posts a comment and expects success. */
  async comment(article: string, body: string, parentId?: string): Promise<CommentView> {
    const answer = await this.post<CommentView>(`/articles/${article}/comments`, {
      body,
      ...(parentId ? { parentId } : {}),
    });
    if (answer.status !== 201) throw new Error(`Posting answered ${answer.status}: ${answer.text}`);
    return answer.body;
  }

  /** Connects a socket of this browser, which is anonymous until `authenticate`. */
  async connect(options: Partial<ManagerOptions> = {}): Promise<LiveClient> {
    const client = new LiveClient(this.url, this, options);
    this.sockets.push(client);
    await client.connected();
    return client;
  }

  /** Connects a socket and signs it in. */
  async live(): Promise<LiveClient> {
    const client = await this.connect();
    await client.authenticate();
    return client;
  }

  close(): void {
    for (const socket of this.sockets) socket.close();
  }
}

type Fields<Part> = Partial<Omit<Part, 'ok'>>;
/** An acknowledgement whose fields a test may read before it has asked whether the server agreed. */
export type LooseAck = Pick<Ack, 'ok'> & Fields<Extract<Ack, { ok: true }>> & Fields<Extract<Ack, { ok: false }>>;

/** A socket as the embed uses one. It keeps the server's messages. */
export class LiveClient {
  readonly frames: ArticleFrame[] = [];
  readonly sessions: Schemas['Session'][] = [];
  readonly events: string[] = [];
  readonly socket: Socket;
  disconnects = 0;

  constructor(
    url: string,
    private readonly actor: Actor,
    options: Partial<ManagerOptions> = {},
  ) {
    this.socket = io(url, {
      ...options,
      path: '/live',
      transports: ['websocket'],
      forceNew: true,
      extraHeaders: { origin: actor.origin, cookie: actor.cookieHeader },
    });
    this.socket.on('frame', (frame: ArticleFrame) => this.frames.push(frame));
    this.socket.on('session', (session: Schemas['Session']) => this.sessions.push(session));
    this.socket.onAny((event: string) => this.events.push(event));
    this.socket.on('disconnect', () => (this.disconnects += 1));
  }

  async connected(): Promise<void> {
    if (this.socket.connected) return;
    await new Promise<void>((resolve, reject) => {
      this.socket.once('connect', resolve);
      this.socket.once('connect_error', reject);
    });
  }

  op(message: unknown): Promise<LooseAck> {
    return this.socket.timeout(30_000).emitWithAck('op', message) as Promise<LooseAck>;
  }

  async authenticate(): Promise<LooseAck> {
    const { body } = await this.actor.post<Schemas['SocketTicket']>('/session/socket-ticket');
    return this.op({ op: 'auth', ticket: body.ticket });
  }

  join(article: string, after?: number): Promise<LooseAck> {
    return this.op({ op: 'join', article, ...(after === undefined ? {} : { after }) });
  }

  close(): void {
    this.socket.close();
  }
}
