import { api } from '../api.js';
import type { Account } from '../contract.js';

/** The channel on which the tabs of one site tell each other to look again. */
const CHANNEL = 'rostra';
/** Two looks within this time are one. */
const CALM_MS = 1_000;

type Listener = () => void;

/**
 * Who is signed in on this page. All elements share it; the socket, the other tabs, focus and polling each tell it to
 * look again, so every one of them changes without a reload. `account` is undefined until the first answer.
 */
class PageSession {
  account: Account | null | undefined;
  /** Settles with the first answer, good or bad. It also gives the browser its id, so the socket waits for it. */
  readonly ready: Promise<void>;
  signingIn: Promise<unknown> = Promise.resolve();
  private readonly listeners = new Set<Listener>();
  private readonly channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(CHANNEL);
  private lookedAt = 0;
  private looking: Promise<void> | undefined;
  /** Counts what was set, and each reason to look: an answer asked for before the last of them is asked for again. */
  private epoch = 0;

  constructor() {
    this.ready = this.look().catch(() => undefined);
    this.channel?.addEventListener('message', ({ data }) => {
      if (data === 'session') void this.refresh();
    });
    const again = () => {
      if (document.visibilityState === 'visible' && Date.now() - this.lookedAt > CALM_MS)
        void this.refresh({ tell: true });
    };
    addEventListener('focus', again);
    addEventListener('online', again);
    document.addEventListener('visibilitychange', again);
  }

  /** Asks the server; `tell` passes a change on to the other tabs. Rejects with the problem. */
  async check({ tell = false } = {}): Promise<void> {
    const before = this.account?.id;
    await this.look();
    if (tell && this.account?.id !== before) this.tell();
  }

  /** The same, for those who can do nothing about a failure. */
  refresh(options: { tell?: boolean } = {}): Promise<void> {
    return this.check(options).catch(() => undefined);
  }

  /** What this tab just learnt by acting (signed in, signed out), or from the socket. */
  set(account: Account | null, { tell = false } = {}): void {
    this.epoch += 1;
    this.change(account);
    if (tell) this.tell();
  }

  /** Signs in by a request of this tab; whoever hears of it earlier waits for its answer, which brings the cookie. */
  async signIn(answer: Promise<{ account: Account }>): Promise<void> {
    this.signingIn = answer.catch(() => undefined);
    const { account } = await answer;
    this.set(account, { tell: true });
  }

  async signOut(): Promise<void> {
    await api.delete('/session');
    this.set(null, { tell: true });
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private look(): Promise<void> {
    this.epoch += 1;
    this.looking ??= this.ask().finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async ask(): Promise<void> {
    this.lookedAt = Date.now();
    let epoch;
    let account;
    do {
      epoch = this.epoch;
      ({ account } = await api.get<{ account: Account | null }>('/session'));
    } while (epoch !== this.epoch);
    this.change(account);
  }

  private change(account: Account | null): void {
    if (JSON.stringify(account) === JSON.stringify(this.account)) return;
    this.account = account;
    for (const listener of this.listeners) listener();
  }

  private tell(): void {
    this.channel?.postMessage('session');
  }
}

export const session = new PageSession();
