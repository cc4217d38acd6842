import { api } from '../api.js';
import type { Account } from '../contract.js';
import { Poll } from './poll.js';
import type { PageSession } from './session.js';
import type { Signals } from './signals.js';
import { sendOp } from './socket-ops.js';
import type { LiveSocket } from './socket.js';

/** The `session` event can overtake the browser's storing of the cookie, so a ticket is asked for again after these. */
const TICKET_DELAYS_MS = [0, 50, 150, 400, 1_000];

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Makes the open connection the session's own, in place, with a ticket. */
export class SocketAccount {
  /** The account by which the server knows this very connection. */
  knownAs: string | undefined;
  #authenticatingAs: string | undefined;
  #repetition: Poll | undefined;
  readonly #session: PageSession;
  readonly #socket: LiveSocket;
  readonly #signals: Signals;
  readonly #onChange: () => void;
  readonly #repeatMs: number | undefined;

  /**
   * Calls `onChange` when a ticket was accepted and when no attempt is left. `repeatMs` is for pages that need an
   * account: their connection is authenticated again, and the signals are repeated, after each so many milliseconds.
   */
  constructor(session: PageSession, socket: LiveSocket, signals: Signals, onChange: () => void, repeatMs?: number) {
    this.#session = session;
    this.#socket = socket;
    this.#signals = signals;
    this.#onChange = onChange;
    this.#repeatMs = repeatMs;
  }

  /** Everything that the page shows arrives over the socket. */
  get isComplete(): boolean {
    const { account } = this.#session;
    return this.#socket.connected && (!this.#repeatMs || !account || account.id === this.knownAs);
  }

  /** Repeats the authentication from now on. */
  startRepetition(): void {
    if (!this.#repeatMs || this.#repetition) return;
    this.#repetition = new Poll(this.#repeatMs, async () => {
      await this.#session.refresh();
      this.authenticate(this.#session.account, { again: true });
      this.#signals.emitAll();
    });
    this.#repetition.later();
  }

  stopRepetition(): void {
    this.#repetition?.stop();
    this.#repetition = undefined;
  }

  /** Ends a running authentication too: a ticket that is still on its way must not bring the account back. */
  forget(): void {
    this.knownAs = this.#authenticatingAs = undefined;
  }

  /**
   * Authenticates the connection as `account`. The page learns of the account only when a ticket was got, since by then
   * the browser has stored the cookie, and what is read for this account is answered. `again` repeats it for an account
   * by which the connection is known already.
   */
  authenticate(account: Account | null | undefined, { again = false } = {}): void {
    if (!account || !this.#socket.connected) return;
    if (account.id === this.#authenticatingAs || (account.id === this.knownAs && !again)) return;
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
        const ack = await sendOp(socket, { op: 'auth', ticket });
        if (!ack.ok) continue;
        this.knownAs = account.id;
        this.#onChange();
        return this.#signals.emitAll();
      } catch {
        // The browser is still anonymous or got no answer; the next attempt follows.
      }
    }
    this.knownAs = undefined;
    this.#onChange();
    await session.refresh();
  }
}
