import { io, type Socket } from 'socket.io-client';
import { api } from '../shared/api.js';
import type { Account } from '../shared/contract.js';
import { base } from '../shared/origin.js';
import { asProblem } from '../shared/problem.js';
import { Observable } from '../shared/observable.js';

/** Without a socket the desk asks this often; with one, now and then, for the hint that was lost. */
const POLL_MS = 3000;
const SAFETY_MS = 30_000;
const GRACE_MS = 3000;
const ACK_MS = 5000;
/** The event may overtake the browser's storing of the cookie: so often the session or a ticket is asked for again. */
const RETRIES_MS = [0, 50, 150, 400, 1000];

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

type Ack = { ok: boolean; code?: string };

/**
 * The desk's ear. Hints come over one WebSocket that is authenticated by a ticket; each only says "read again". Where
 * the socket fails, the same readings run on a timer.
 */
export class DeskLive extends Observable {
  /** True while staff hints arrive on the socket. */
  connected = false;
  /** True once the socket has failed, or not come about in time: the timer reads instead. */
  down = false;
  #socket: Socket | undefined;
  #account: Account | null = null;
  #proving: { account: Account; done: Promise<void> } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #grace: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly look: {
      session: () => Promise<void>;
      queue: () => Promise<void>;
      alerts: () => Promise<void>;
    },
  ) {
    super();
  }

  /** Opens the socket. After GET /session: that answer's cookie tells the server which browser this is. */
  start(): void {
    if (this.#socket) return;
    const { origin, pathname } = new URL(base);
    const socket = io(origin, {
      path: `${pathname}live`,
      transports: ['websocket'],
      withCredentials: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5000,
    });
    this.#socket = socket;
    socket.on('connect', () => void this.#arrived());
    socket.on('session', (told?: { account?: unknown }) => void this.#sessionChanged(Boolean(told?.account)));
    socket.on('queue', () => void this.look.queue());
    socket.on('alert', () => void this.look.alerts());
    socket.on('disconnect', () => this.#mark(false));
    socket.on('connect_error', () => this.#giveUp());
    this.#allow();
    this.#schedule();
  }

  stop(): void {
    this.#socket?.disconnect();
    this.#socket = undefined;
    this.#mark(false);
    clearTimeout(this.#timer);
    clearTimeout(this.#grace);
  }

  /** The session is now this account's: the open socket follows, without a new connection. */
  follow(account: Account | null): void {
    const same = account?.id === this.#account?.id && account?.role === this.#account?.role;
    this.#account = account;
    if (same) return;
    this.#mark(false);
    if (account) void this.#authenticate(account);
  }

  /** Another tab says that the session has changed: even where it is the same account's, it is a new one. */
  told(): void {
    void this.#sessionChanged(false);
  }

  async #arrived(): Promise<void> {
    await this.look.session();
    if (this.#account) await this.#authenticate(this.#account);
  }

  /** A new session of the same account must be shown to the socket as well, so this does not rely on `follow`. */
  async #sessionChanged(begun: boolean): Promise<void> {
    const before = this.#account;
    for (const wait of RETRIES_MS) {
      if (wait) await pause(wait);
      await this.look.session();
      if (this.#account || !begun) break;
    }
    if (this.#account && this.#account === before) await this.#authenticate(this.#account);
  }

  /** Shows the server whose the open connection is. Asked twice at once, it does so once. */
  #authenticate(account: Account): Promise<void> {
    if (this.#proving?.account === account) return this.#proving.done;
    const proving = { account, done: this.#prove(account) };
    this.#proving = proving;
    void proving.done.finally(() => {
      if (this.#proving === proving) this.#proving = undefined;
    });
    return proving.done;
  }

  async #prove(account: Account): Promise<void> {
    const socket = this.#socket;
    const stillWanted = () => socket?.connected === true && this.#account === account;
    for (const wait of RETRIES_MS) {
      if (wait) await pause(wait);
      if (!stillWanted()) return;
      try {
        const { ticket } = await api.post<{ ticket: string }>('/session/socket-ticket');
        if (!stillWanted()) return;
        const ack = (await socket!.timeout(ACK_MS).emitWithAck('op', { op: 'auth', ticket })) as Ack;
        if (!ack.ok) continue;
        this.#mark(true);
        await Promise.all([this.look.queue(), this.look.alerts()]);
        return;
      } catch (error) {
        if (asProblem(error).status === 401) await this.look.session();
      }
    }
  }

  #mark(connected: boolean): void {
    if (this.connected === connected) return;
    this.connected = connected;
    this.down = false;
    this.#allow();
    this.#schedule();
    this.changed();
  }

  /** A connection gets a moment to come about before it counts as down. */
  #allow(): void {
    clearTimeout(this.#grace);
    if (!this.connected) this.#grace = setTimeout(() => this.#giveUp(), GRACE_MS);
  }

  #giveUp(): void {
    clearTimeout(this.#grace);
    if (this.connected || this.down) return;
    this.down = true;
    this.changed();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (!this.#socket) return;
    const delay = this.connected ? SAFETY_MS : POLL_MS;
    this.#timer = setTimeout(() => {
      void this.#ask().finally(() => this.#schedule());
    }, delay);
  }

  async #ask(): Promise<void> {
    // A hidden tab whose hints do not arrive may be late; it looks at once when it is shown again.
    if (document.hidden && !this.connected) return;
    await this.look.session();
    if (!this.#account) return;
    await Promise.all([this.look.queue(), this.look.alerts()]);
    // Proved anew each time: a connection that lost its account unheard would otherwise stay deaf.
    if (this.#socket?.connected && this.#account) await this.#authenticate(this.#account);
  }
}
