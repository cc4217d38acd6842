import { api } from '../api.js';
import type { Account, Frame } from '../contract.js';
import { Observable } from '../observable.js';
import { base } from '../origin.js';
import { asProblem } from '../problem.js';
import type { ArticleStream } from './article-stream.js';
import { VISIBLE_MS } from './backoff.js';
import { Poll } from './poll.js';
import type { PageSession } from './session.js';
import { LiveSocket, type SocketOptions } from './socket.js';

type Op =
  { op: 'join'; article: string; after: number } | { op: 'leave'; article: string } | { op: 'auth'; ticket: string };
type Ack = { ok: true; position?: number; article?: string } | { ok: false; code: string };

type LiveState = 'connecting' | 'live' | 'polling' | 'offline';
/** Events that carry nothing and mean: read it again. */
const SIGNALS = ['feed', 'queue', 'alert'] as const;
export type Signal = (typeof SIGNALS)[number];

interface LiveOptions {
  /** Milliseconds between two reads of the session, and of what the signals stand for, while the page polls. */
  pollMs?: number;
  /**
   * For pages that are of no use without an account: the connection counts as live only when the server knows whose it
   * is. It is authenticated again, and the signals are repeated, after each so many milliseconds: a lost signal, or an
   * account that the connection lost unnoticed, is made good by then.
   */
  reauthenticateMs?: number;
  socket?: SocketOptions;
}

/** Without a connection for this long, the page reads by polling meanwhile. */
const GRACE_MS = 3_000;
const POLL_MS = 4_000;
const REJOIN_MS = 5_000;
/** The `session` event can overtake the browser's storing of the cookie, so a ticket is asked for again after these. */
const TICKET_DELAYS_MS = [0, 50, 150, 400, 1_000];

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

/**
 * The page's one connection. It gives streams their frames and passes the server's signals on; where WebSocket is
 * blocked it reads the same things by polling, and keeps trying the socket. Listeners of `onChange` learn of `state`.
 */
export class PageLive extends Observable {
  state: LiveState = 'connecting';
  readonly #socket: LiveSocket;
  #started = false;
  readonly #streams = new Set<ArticleStream>();
  readonly #polls = new Map<ArticleStream | 'session', Poll>();
  readonly #signalListeners = new Map<Signal, Set<() => void>>(SIGNALS.map((it) => [it, new Set()]));
  #grace: ReturnType<typeof setTimeout> | undefined;
  #reauthentication: Poll | undefined;
  #stops: (() => void)[] = [];
  /** The account that the server knows this very connection by. */
  #knownAs: string | undefined;
  #authenticatingAs: string | undefined;
  /** The session has answered, so the browser has the id by which the socket's handshake is known. */
  #ready = false;

  readonly #session: PageSession;
  readonly #options: LiveOptions;

  constructor(session: PageSession, options: LiveOptions = {}) {
    super();
    this.#session = session;
    this.#options = options;
    const url = `${base.replace(/^http/, 'ws')}live/?EIO=4&transport=websocket`;
    this.#socket = new LiveSocket(url, options.socket);
    this.#handleSocket();
  }

  /** Opens the connection; elements that need only the session call it too. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#pollAfterGrace();
    const on = (target: EventTarget, event: string, listener: () => void) => {
      target.addEventListener(event, listener);
      this.#stops.push(() => target.removeEventListener(event, listener));
    };
    this.#stops.push(
      this.#session.onChange(() => this.#sessionChanged()),
      this.#session.onReplaced(() => this.#authenticate(this.#session.account, { again: true })),
    );
    on(globalThis, 'offline', () => this.#setState('offline'));
    on(globalThis, 'online', () => this.#checkNow());
    on(document, 'visibilitychange', () => document.visibilityState === 'visible' && this.#checkNow());
    void this.#connect();
  }

  stop(): void {
    this.#started = false;
    for (const stop of this.#stops.splice(0)) stop();
    this.#socket.close();
    this.#stopPolling();
    this.#reauthentication?.stop();
    this.#reauthentication = undefined;
    clearTimeout(this.#grace);
    this.state = 'connecting';
  }

  /** Streams an article from where it is, until the returned function is called. */
  watch(stream: ArticleStream): () => void {
    this.start();
    this.#streams.add(stream);
    if (this.#socket.connected) void this.#join(stream);
    else if (this.#polls.size) this.#poll(stream);
    return () => {
      this.#streams.delete(stream);
      this.#polls.get(stream)?.stop();
      this.#polls.delete(stream);
      stream.close();
      if (this.#socket.connected) void this.#op({ op: 'leave', article: stream.key }).catch(() => undefined);
    };
  }

  /** Calls `listener` when the server sends the signal, and whenever one may have been missed. */
  on(signal: Signal, listener: () => void): () => void {
    this.start();
    this.#signalListeners.get(signal)!.add(listener);
    return () => this.#signalListeners.get(signal)!.delete(listener);
  }

  async #connect(): Promise<void> {
    await this.#session.ready;
    this.#ready = true;
    if (this.#started) this.#socket.connect();
  }

  #handleSocket(): void {
    const [socket, session] = [this.#socket, this.#session];
    socket.on('connect', () => {
      this.#knownAs = this.#authenticatingAs = undefined;
      this.#settle();
      for (const stream of this.#streams) void this.#join(stream);
      this.#authenticate(session.account);
      // The session and the feed may have changed while nothing was received.
      void session.refresh();
      if (this.#complete) this.#signalAll();
    });
    socket.on('disconnect', () => {
      this.#knownAs = this.#authenticatingAs = undefined;
      this.#settle();
    });
    socket.on('refused', () => this.#startPolling());
    socket.on<Frame & { article: string }>('frame', ({ article, ...frame }) => {
      for (const stream of this.#streams) if (stream.keys.has(article)) stream.receive(frame);
    });
    socket.on<{ account: Account | null }>('session', ({ account }) => {
      // Even the same account may be a new session, by which the connection must authenticate anew.
      this.#knownAs = undefined;
      this.#settle();
      if (account) return this.#authenticate(account);
      this.#authenticatingAs = undefined;
      void session.refresh();
    });
    for (const it of SIGNALS) socket.on(it, () => this.#signal(it));
  }

  #op(op: Op): Promise<Ack> {
    return this.#socket.emit('op', op);
  }

  async #join(stream: ArticleStream): Promise<void> {
    const after = stream.position;
    const socket = this.#socket;
    const ack = await this.#op({ op: 'join', article: stream.key, after }).catch(() => undefined);
    if (!this.#streams.has(stream) || !socket.connected) return;
    if (!ack?.ok) {
      // Unanswered or refused: the page reads what there is, and asks again.
      stream.catchUp().catch(() => undefined);
      setTimeout(() => {
        if (this.#streams.has(stream) && socket.connected) void this.#join(stream);
      }, REJOIN_MS);
      return;
    }
    if (ack.article) stream.keys.add(ack.article);
    // The server follows from before our position: it is a moment late, or its log was put back from an older copy.
    // `/events` tells which.
    if (ack.position !== undefined && ack.position < after) stream.catchUp().catch(() => undefined);
  }

  #sessionChanged(): void {
    const { account } = this.#session;
    // Signed out: a ticket that is still on its way must not bring the account back.
    if (account === null) this.#knownAs = this.#authenticatingAs = undefined;
    this.#settle();
    this.#authenticate(account);
  }

  /**
   * Makes the open connection this session's own, in place. The page learns of the account only when a ticket was got,
   * since by then the browser has stored the cookie, and what is read for this account is answered. `again` repeats it
   * for an account that the connection is known by already.
   */
  #authenticate(account: Account | null | undefined, { again = false } = {}): void {
    if (!account || !this.#socket.connected) return;
    if (account.id === this.#authenticatingAs || (account.id === this.#knownAs && !again)) return;
    this.#authenticatingAs = account.id;
    void this.#redeemTicket(account).finally(() => {
      if (this.#authenticatingAs === account.id) this.#authenticatingAs = undefined;
    });
  }

  async #redeemTicket(account: Account): Promise<void> {
    const [session, socket] = [this.#session, this.#socket];
    const isNews = account !== session.account;
    await session.signingIn;
    for (const delay of TICKET_DELAYS_MS) {
      await sleep(delay);
      if (this.#authenticatingAs !== account.id || !socket.connected) return;
      try {
        const { ticket } = await api.post('/session/socket-ticket');
        if (this.#authenticatingAs !== account.id) return;
        if (isNews) session.set(account);
        const ack = await this.#op({ op: 'auth', ticket });
        if (!ack.ok) continue;
        this.#knownAs = account.id;
        this.#settle();
        return this.#signalAll();
      } catch {
        // Still anonymous, or unanswered: the next attempt follows.
      }
    }
    this.#knownAs = undefined;
    this.#settle();
    await session.refresh();
  }

  /** Everything that the page shows arrives over the socket. */
  get #complete(): boolean {
    const { account } = this.#session;
    if (!this.#socket.connected) return false;
    return !this.#options.reauthenticateMs || !account || account.id === this.#knownAs;
  }

  /** Brings the state and the timers into line with the connection. */
  #settle(): void {
    if (!this.#started) return;
    if (!this.#complete) {
      this.#reauthentication?.stop();
      this.#reauthentication = undefined;
      if (this.#polls.size || this.state === 'connecting') return;
      this.#setState('connecting');
      return this.#pollAfterGrace();
    }
    clearTimeout(this.#grace);
    this.#stopPolling();
    this.#setState('live');
    if (!this.#options.reauthenticateMs || this.#reauthentication) return;
    this.#reauthentication = new Poll(this.#options.reauthenticateMs, async () => {
      await this.#session.refresh();
      this.#authenticate(this.#session.account, { again: true });
      this.#signalAll();
    });
    this.#reauthentication.later();
  }

  #pollAfterGrace(): void {
    clearTimeout(this.#grace);
    this.#grace = setTimeout(() => this.#startPolling(), GRACE_MS);
  }

  #startPolling(): void {
    clearTimeout(this.#grace);
    if (!this.#started || this.#complete || this.#polls.size) return;
    this.#setState(navigator.onLine === false ? 'offline' : 'polling');
    const poll = new Poll(this.#options.pollMs ?? POLL_MS, async () => {
      await this.#noteReachability(this.#session.check({ announce: true }));
      this.#authenticate(this.#session.account);
      if (this.#session.account) this.#signalAll();
    });
    this.#polls.set('session', poll);
    void poll.now();
    for (const stream of this.#streams) this.#poll(stream);
  }

  #poll(stream: ArticleStream): void {
    const poll = new Poll(VISIBLE_MS, () => this.#noteReachability(stream.catchUp()));
    this.#polls.set(stream, poll);
    void poll.now();
  }

  #stopPolling(): void {
    for (const poll of this.#polls.values()) poll.stop();
    this.#polls.clear();
  }

  /** The state is "offline" as soon as a request is not answered, and "polling" again with the first answer. */
  async #noteReachability<T>(answer: Promise<T>): Promise<T> {
    try {
      const value = await answer;
      if (this.state === 'offline') this.#setState('polling');
      return value;
    } catch (error) {
      if (asProblem(error).offline && this.state === 'polling') this.#setState('offline');
      throw error;
    }
  }

  #checkNow(): void {
    if (navigator.onLine === false) return;
    if (this.#complete) return this.#setState('live');
    if (this.state === 'offline') this.#setState(this.#polls.size ? 'polling' : 'connecting');
    if (this.#ready) this.#socket.connect();
    for (const poll of this.#polls.values()) void poll.now();
  }

  #signal(signal: Signal): void {
    for (const listener of this.#signalListeners.get(signal)!) listener();
  }

  #signalAll(): void {
    for (const it of SIGNALS) this.#signal(it);
  }

  #setState(state: LiveState): void {
    if (state === this.state) return;
    this.state = state;
    this.changed();
  }
}
