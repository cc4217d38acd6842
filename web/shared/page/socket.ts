// A client for the part of Socket.IO that the embed needs: text frames over WebSocket, the default namespace, events
// and acknowledgements (Engine.IO protocol 4, Socket.IO protocol 5). The stock client takes 11.7 kB (brotli), most of
// it for transports and binary packets that /live does not offer; this one takes 1.2 kB of the embed's 30. A test runs
// it against the real server.

export interface SocketOptions {
  /** The wait before the next attempt. It grows with each failure up to `maxDelayMs` and is spread by half. */
  minDelayMs?: number;
  maxDelayMs?: number;
  /** The time within which a connection must be made. */
  connectMs?: number;
  ackMs?: number;
  WebSocket?: WebSocketClass;
}

export type WebSocketClass = new (url: string) => WebSocketLike;

interface WebSocketLike {
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  onerror: ((event: unknown) => void) | null;
  send(data: string): void;
  close(): void;
}

type Handler = (payload: never) => void;

/** The page's one socket. It connects again, with growing backoff, for as long as the page is open. */
export class LiveSocket {
  connected = false;
  readonly #handlers = new Map<string, Handler>();
  readonly #acks = new Map<number, (answer: unknown) => void>();
  readonly #options: Required<SocketOptions>;
  #ws: WebSocketLike | undefined;
  #nextAck = 0;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  /** The timer that closes a connection on which nothing came for too long. */
  #silence: ReturnType<typeof setTimeout> | undefined;
  #patienceMs = 45_000;

  readonly #url: string;

  constructor(url: string, options: SocketOptions = {}) {
    this.#url = url;
    const WebSocket = options.WebSocket ?? (globalThis as unknown as { WebSocket: WebSocketClass }).WebSocket;
    this.#options = { minDelayMs: 1_000, maxDelayMs: 60_000, connectMs: 8_000, ackMs: 8_000, ...options, WebSocket };
  }

  /** Handles `connect`, `disconnect`, `refused` (an attempt failed and another follows), or an event of the server. */
  on<T>(event: string, handler: (payload: T) => void): void {
    this.#handlers.set(event, handler as Handler);
  }

  /** Connects now, without waiting for the backoff. */
  connect(): void {
    clearTimeout(this.#retry);
    if (this.#ws) return;
    try {
      const ws = new this.#options.WebSocket(this.#url);
      this.#ws = ws;
      ws.onmessage = ({ data }) => this.#packet(String(data));
      ws.onclose = () => this.#closed(ws);
      ws.onerror = () => undefined; // a close follows
      this.#expectWithin(this.#options.connectMs);
    } catch {
      this.#tryLater('refused');
    }
  }

  /** Emits an event and resolves to its acknowledgement; rejects when none comes in time. */
  emit<T>(event: string, payload: unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.connected || !this.#ws) return reject(new Error('not connected'));
      const id = (this.#nextAck += 1);
      const timer = setTimeout(() => {
        this.#acks.delete(id);
        reject(new Error('no acknowledgement'));
      }, this.#options.ackMs);
      this.#acks.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer as T);
      });
      this.#ws.send(`42${id}${JSON.stringify([event, payload])}`);
    });
  }

  close(): void {
    clearTimeout(this.#retry);
    const ws = this.#ws;
    if (!ws) return;
    this.#closed(ws);
    clearTimeout(this.#retry);
  }

  #packet(data: string): void {
    this.#expectWithin(this.#patienceMs);
    const body = /^(4\d|\d)(\d*)(.*)$/s.exec(data);
    if (!body) return;
    const [, type, id, json] = body;
    switch (type) {
      case '0': {
        const { pingInterval = 25_000, pingTimeout = 20_000 } = parse<Record<string, number>>(json) ?? {};
        this.#patienceMs = pingInterval + pingTimeout;
        this.#ws?.send('40');
        return;
      }
      case '2':
        this.#ws?.send('3');
        return;
      case '40':
        this.connected = true;
        this.#failures = 0;
        this.#call('connect', undefined);
        return;
      case '42': {
        const [event, payload] = parse<[string, unknown]>(json) ?? [];
        if (event) this.#call(event, payload);
        return;
      }
      case '43': {
        const answer = this.#acks.get(Number(id));
        this.#acks.delete(Number(id));
        answer?.(parse<unknown[]>(json)?.[0]);
        return;
      }
      case '1':
      case '41':
      case '44':
        if (this.#ws) this.#closed(this.#ws);
        return;
      default:
    }
  }

  #call(event: string, payload: unknown): void {
    this.#handlers.get(event)?.(payload as never);
  }

  #expectWithin(ms: number): void {
    clearTimeout(this.#silence);
    const ws = this.#ws;
    this.#silence = setTimeout(() => ws && this.#closed(ws), ms);
  }

  #closed(ws: WebSocketLike): void {
    if (ws !== this.#ws) return;
    this.#ws = undefined;
    ws.onmessage = null;
    ws.onclose = null;
    ws.close();
    clearTimeout(this.#silence);
    const was = this.connected;
    this.connected = false;
    this.#tryLater(was ? 'disconnect' : 'refused');
  }

  #tryLater(why: 'disconnect' | 'refused'): void {
    const { minDelayMs, maxDelayMs } = this.#options;
    const delay = Math.min(maxDelayMs, minDelayMs * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    this.#retry = setTimeout(() => this.connect(), delay * (0.5 + Math.random()));
    this.#call(why, undefined);
  }
}

function parse<T>(json: string | undefined): T | undefined {
  try {
    return JSON.parse(json ?? '') as T;
  } catch {
    return undefined;
  }
}
