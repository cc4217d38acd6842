import { api } from '../api.js';
import type { Account, Frame } from '../contract.js';
import { base } from '../origin.js';
import { asProblem } from '../problem.js';
import type { ArticleStream } from './article-stream.js';
import { VISIBLE_MS } from './backoff.js';
import { Poll } from './poll.js';
import { session } from './session.js';
import { LiveSocket } from './socket.js';

type Op =
  { op: 'join'; article: string; after: number } | { op: 'leave'; article: string } | { op: 'auth'; ticket: string };
type Ack = { ok: true; position?: number; article?: string } | { ok: false; code: string };

type LiveState = 'connecting' | 'live' | 'polling' | 'offline';

/** Without a connection for this long, the page reads by polling meanwhile. */
const GRACE_MS = 3_000;
const SESSION_MS = 4_000;
const REJOIN_MS = 5_000;
/** The socket's word that somebody signed in can overtake the browser's storing of the cookie. */
const TICKET_TRIES = [0, 50, 150, 400, 1_000];

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

/**
 * The page's one connection. It tells streams their frames and elements to look again; where WebSocket is blocked it
 * reads the same things by polling, and keeps trying the socket. What it says about itself (`state`) is true.
 */
class PageLive {
  state: LiveState = 'connecting';
  private readonly socket = new LiveSocket(`${base.replace(/^http/, 'ws')}live/?EIO=4&transport=websocket`);
  private started = false;
  private readonly streams = new Set<ArticleStream>();
  private readonly polls = new Map<ArticleStream | 'session', Poll>();
  private readonly stateListeners = new Set<() => void>();
  private readonly feedListeners = new Set<() => void>();
  private grace: ReturnType<typeof setTimeout> | undefined;
  /** The account that the server knows this very connection by. */
  private knownAs: string | undefined;
  private provingAs: string | undefined;
  /** The session has answered, so the browser has the id by which the socket's handshake is known. */
  private ready = false;

  constructor() {
    this.listen();
  }

  /** Opens the connection; elements that need only the session call it too. */
  start(): void {
    if (this.started) return;
    this.started = true;
    this.waitThenPoll();
    session.subscribe(() => {
      // Signed out: a ticket that is still on its way must not bring the account back.
      if (session.account === null) this.knownAs = this.provingAs = undefined;
      this.prove(session.account);
    });
    addEventListener('offline', () => this.setState('offline'));
    addEventListener('online', () => this.lookNow());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.lookNow();
    });
    void this.connect();
  }

  /** Streams an article from where it is, until the returned function is called. */
  watch(stream: ArticleStream): () => void {
    this.start();
    this.streams.add(stream);
    if (this.socket.connected) void this.join(stream);
    else if (this.polls.size) this.poll(stream);
    return () => {
      this.streams.delete(stream);
      this.polls.get(stream)?.stop();
      this.polls.delete(stream);
      stream.close();
      if (this.socket.connected) void this.op({ op: 'leave', article: stream.key }).catch(() => undefined);
    };
  }

  onState(listener: () => void): () => void {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  }

  /** The feed should be read again: told by the socket, or it is time to poll. */
  onFeed(listener: () => void): () => void {
    this.start();
    this.feedListeners.add(listener);
    return () => this.feedListeners.delete(listener);
  }

  private async connect(): Promise<void> {
    await session.ready;
    this.ready = true;
    this.socket.connect();
  }

  private listen(): void {
    const { socket } = this;
    socket.on('connect', () => {
      clearTimeout(this.grace);
      this.knownAs = this.provingAs = undefined;
      this.setState('live');
      this.stopPolling();
      for (const stream of this.streams) void this.join(stream);
      this.prove(session.account);
      // What happened to the session and the feed while nobody told us.
      void session.refresh();
      this.tellFeed();
    });
    socket.on('disconnect', () => {
      this.knownAs = this.provingAs = undefined;
      this.setState('connecting');
      this.waitThenPoll();
    });
    socket.on('refused', () => this.startPolling());
    socket.on<Frame & { article: string }>('frame', ({ article, ...frame }) => {
      for (const stream of this.streams) if (stream.keys.has(article)) stream.receive(frame);
    });
    socket.on<{ account: Account | null }>('session', ({ account }) => {
      // Even the same account may be a new session, which the connection must prove anew.
      this.knownAs = undefined;
      if (account) return this.prove(account);
      this.provingAs = undefined;
      void session.refresh();
    });
    socket.on('feed', () => this.tellFeed());
  }

  private op(op: Op): Promise<Ack> {
    return this.socket.emit('op', op);
  }

  private async join(stream: ArticleStream): Promise<void> {
    const after = stream.position;
    const { socket } = this;
    const ack = await this.op({ op: 'join', article: stream.key, after }).catch(() => undefined);
    if (!this.streams.has(stream) || !socket.connected) return;
    if (!ack?.ok) {
      // Not heard, or refused: read what there is, and ask again.
      stream.catchUp().catch(() => undefined);
      setTimeout(() => {
        if (this.streams.has(stream) && socket.connected) void this.join(stream);
      }, REJOIN_MS);
      return;
    }
    if (ack.article) stream.keys.add(ack.article);
    // The server follows from before our position: it is a moment late, or its log was put back from an older copy.
    // `/events` tells which.
    if (ack.position !== undefined && ack.position < after) stream.catchUp().catch(() => undefined);
  }

  /**
   * Makes the open connection this session's own, in place. Elements learn of the account only when a ticket was got,
   * since by then the browser has stored the cookie, and what they read for this reader is answered.
   */
  private prove(account: Account | null | undefined): void {
    if (!account || !this.socket.connected) return;
    if (account.id === this.knownAs || account.id === this.provingAs) return;
    this.provingAs = account.id;
    void this.upgrade(account).finally(() => {
      if (this.provingAs === account.id) this.provingAs = undefined;
    });
  }

  private async upgrade(account: Account): Promise<void> {
    await session.signingIn;
    for (const delay of TICKET_TRIES) {
      await sleep(delay);
      if (this.provingAs !== account.id || !this.socket.connected) return;
      try {
        const { ticket } = await api.post<{ ticket: string }>('/session/socket-ticket');
        if (this.provingAs !== account.id) return;
        session.set(account);
        const ack = await this.op({ op: 'auth', ticket });
        if (!ack.ok) continue;
        this.knownAs = account.id;
        return this.tellFeed();
      } catch {
        // Still anonymous, or not heard: once more.
      }
    }
    await session.refresh();
  }

  private waitThenPoll(): void {
    clearTimeout(this.grace);
    this.grace = setTimeout(() => this.startPolling(), GRACE_MS);
  }

  private startPolling(): void {
    clearTimeout(this.grace);
    if (this.socket.connected || this.polls.size) return;
    this.setState(navigator.onLine === false ? 'offline' : 'polling');
    const looks = new Poll(SESSION_MS, async () => {
      await this.heard(session.check({ tell: true }));
      if (session.account) this.tellFeed();
    });
    this.polls.set('session', looks);
    void looks.now();
    for (const stream of this.streams) this.poll(stream);
  }

  private poll(stream: ArticleStream): void {
    const poll = new Poll(VISIBLE_MS, () => this.heard(stream.catchUp()));
    this.polls.set(stream, poll);
    void poll.now();
  }

  private stopPolling(): void {
    for (const poll of this.polls.values()) poll.stop();
    this.polls.clear();
  }

  /** Says "offline" as soon as nobody answers, and takes it back with the first answer. */
  private async heard<T>(answer: Promise<T>): Promise<T> {
    try {
      const value = await answer;
      if (this.state === 'offline') this.setState('polling');
      return value;
    } catch (error) {
      if (asProblem(error).offline && this.state === 'polling') this.setState('offline');
      throw error;
    }
  }

  private lookNow(): void {
    if (navigator.onLine === false) return;
    if (this.socket.connected) return this.setState('live');
    if (this.state === 'offline') this.setState(this.polls.size ? 'polling' : 'connecting');
    if (this.ready) this.socket.connect();
    for (const poll of this.polls.values()) void poll.now();
  }

  private tellFeed(): void {
    for (const listener of this.feedListeners) listener();
  }

  private setState(state: LiveState): void {
    if (state === this.state) return;
    this.state = state;
    for (const listener of this.stateListeners) listener();
  }
}

export const live = new PageLive();
