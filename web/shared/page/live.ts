import type { ArticleFrame, Schemas } from '../contract.js';
import { Observable } from '../observable.js';
import { base } from '../origin.js';
import type { ArticleStream } from './article-stream.js';
import { JoinedStreams } from './joined-streams.js';
import { type LiveState, PollingFallback } from './polling-fallback.js';
import type { PageSession } from './session.js';
import { type Signal, Signals } from './signals.js';
import { SocketAccount } from './socket-account.js';
import { LiveSocket, type SocketOptions } from './socket.js';

interface LiveOptions {
  /** The signals that the page listens to. */
  signals?: readonly Signal[];
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

const POLL_MS = 4_000;

/**
 * The page's one connection. It gives streams their frames and passes the server's signals on; where WebSocket is
 * blocked it reads the same things by polling, and keeps trying the socket. Listeners of `onChange` learn of `state`.
 */
export class PageLive extends Observable {
  readonly #session: PageSession;
  readonly #socket: LiveSocket;
  readonly #streams: JoinedStreams;
  readonly #signals: Signals;
  readonly #account: SocketAccount;
  readonly #fallback: PollingFallback;
  #started = false;
  #stops: (() => void)[] = [];
  /** The session has answered, so the browser has the id by which the socket's handshake is known. */
  #ready = false;
  /** The session answered just before this connection, so there is no reason to ask for it again. */
  #isFresh = false;

  constructor(
    session: PageSession,
    { signals = ['feed'], pollMs = POLL_MS, reauthenticateMs, socket }: LiveOptions = {},
  ) {
    super();
    this.#signals = new Signals(signals);
    this.#session = session;
    this.#socket = new LiveSocket(`${base.replace(/^http/, 'ws')}live/?EIO=4&transport=websocket`, socket);
    this.#streams = new JoinedStreams(this.#socket);
    this.#account = new SocketAccount(session, this.#socket, this.#signals, () => this.#settle(), reauthenticateMs);
    const reads = {
      sessionMs: pollMs,
      session: () => session.check({ announce: true }),
      afterSession: () => {
        this.#account.authenticate(session.account);
        if (session.account) this.#signals.emitAll();
      },
      streams: this.#streams,
    };
    this.#fallback = new PollingFallback(reads, () => this.changed());
    this.#handleSocket();
  }

  get state(): LiveState {
    return this.#fallback.state;
  }

  /** Says whether the server is reached, by the connection or by polling. */
  get isOnline(): boolean {
    return this.state === 'live' || this.state === 'polling';
  }

  /** Opens the connection; elements that need only the session call it too. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#fallback.begin();
    const [session, account] = [this.#session, this.#account];
    const on = (target: EventTarget, event: string, listener: () => void) => {
      target.addEventListener(event, listener);
      this.#stops.push(() => target.removeEventListener(event, listener));
    };
    this.#stops.push(
      session.onChange(() => {
        if (session.account === null) account.forget();
        this.#settle();
        account.authenticate(session.account);
      }),
      session.onReplaced(() => account.authenticate(session.account, { again: true })),
    );
    on(globalThis, 'offline', () => this.#fallback.setState('offline'));
    on(globalThis, 'online', () => this.#checkNow());
    on(document, 'visibilitychange', () => document.visibilityState === 'visible' && this.#checkNow());
    void this.#connect();
  }

  stop(): void {
    this.#started = false;
    for (const stop of this.#stops.splice(0)) stop();
    this.#socket.close();
    this.#account.stopRepetition();
    this.#fallback.end();
    this.#fallback.state = 'connecting';
  }

  /** Streams an article from where it is, until the returned function is called. */
  watch(stream: ArticleStream): () => void {
    this.start();
    this.#streams.add(stream);
    if (!this.#socket.connected) this.#fallback.add(stream);
    return () => {
      this.#fallback.remove(stream);
      this.#streams.remove(stream);
    };
  }

  /** Calls `listener` when the server sends the signal, and whenever one may have been missed. */
  on(signal: Signal, listener: () => void): () => void {
    this.start();
    return this.#signals.on(signal, listener);
  }

  async #connect(): Promise<void> {
    const isAsked = this.#session.account === undefined;
    await this.#session.ready;
    this.#isFresh = isAsked && this.#session.account !== undefined;
    this.#ready = true;
    if (this.#started) this.#socket.connect();
  }

  #handleSocket(): void {
    const [socket, session, account] = [this.#socket, this.#session, this.#account];
    socket.on('connect', () => {
      account.forget();
      this.#settle();
      this.#streams.joinAll();
      account.authenticate(session.account);
      // The session and the feed may have changed while nothing was received.
      if (!this.#isFresh) void session.refresh();
      this.#isFresh = false;
      if (account.isComplete) this.#signals.emitAll();
    });
    socket.on('disconnect', () => {
      account.forget();
      this.#settle();
    });
    socket.on('refused', () => {
      this.#isFresh = false;
      if (this.#started) this.#fallback.poll();
    });
    socket.on<ArticleFrame>('frame', (frame) => this.#streams.receive(frame));
    socket.on<{ article: string }>('reset', ({ article }) => this.#streams.catchUp(article));
    socket.on<Schemas['Session']>('session', (answer) => {
      // Even the same account may be a new session, by which the connection must authenticate anew.
      account.knownAs = undefined;
      this.#settle();
      if (answer.account) return account.authenticate(answer.account);
      account.forget();
      void session.refresh();
    });
    for (const it of this.#signals.names) socket.on(it, () => this.#signals.emit(it));
  }

  /** Brings the state and the timers into line with the connection. */
  #settle(): void {
    if (!this.#started) return;
    const { isComplete } = this.#account;
    this.#fallback.settle(isComplete);
    if (isComplete) this.#account.startRepetition();
    else this.#account.stopRepetition();
  }

  #checkNow(): void {
    if (navigator.onLine === false) return;
    if (this.#account.isComplete) return this.#fallback.setState('live');
    if (this.#ready) this.#socket.connect();
    this.#fallback.checkNow();
  }
}
