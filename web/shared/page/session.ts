import { api } from '../api.js';
import { openChannel } from '../channel.js';
import type { Account, Schemas } from '../contract.js';
import { Observable } from '../observable.js';
import { asProblem, type ApiProblem } from '../problem.js';

/** The channel on which the tabs of one origin announce that the session may have changed. */
const CHANNEL = 'rostra';
const MESSAGE = 'session';
/** It says the same, and that the reader left. */
const SIGNED_OUT = 'signed-out';
/** Two refreshes that are caused by focus, visibility or network within this time are one. */
const CALM_MS = 1_000;

/**
 * The account that is signed in on this page. Everything on the page shares it; the socket, the other tabs, focus and
 * polling each cause a refresh, so that the page changes without a reload.
 */
export class PageSession extends Observable {
  /** Undefined until the first answer, null when nobody is signed in. */
  account: Account | null | undefined;
  /** What the newsroom says at the conversations of this page's site. */
  texts: Schemas['Session']['texts'] | undefined;
  /** The reason why the last refresh failed. The account that was known before stays. */
  problem: ApiProblem | undefined;
  /** Settles with the first answer, good or bad. It also gives the browser its id, so the socket waits for it. */
  readonly ready: Promise<void>;
  signingIn: Promise<unknown> = Promise.resolve();
  readonly #channel = openChannel(CHANNEL);
  readonly #replacedListeners = new Set<() => void>();
  /**
   * The reader whose words the page may show: the account's id, or null when nobody is signed in. It stays when a session
   * merely ends, because the same reader is still at the page; it changes when somebody signs out on purpose.
   */
  owner: string | null = null;
  #requestedAt = 0;
  #running: Promise<void> | undefined;
  /** Counts every `set` and every refresh, because a request that began before one of them is repeated. */
  #epoch = 0;

  constructor() {
    super();
    this.ready = this.refresh();
    this.#channel?.addEventListener('message', ({ data }) => {
      if (data === SIGNED_OUT) this.#leave();
      if (data === MESSAGE || data === SIGNED_OUT)
        void this.refresh().then(() => this.#replacedListeners.forEach((listener) => listener()));
    });
    const onReturn = () => {
      if (document.visibilityState === 'visible' && performance.now() - this.#requestedAt > CALM_MS)
        void this.refresh({ announce: true });
    };
    addEventListener('focus', onReturn);
    addEventListener('online', onReturn);
    document.addEventListener('visibilitychange', onReturn);
  }

  /** Asks the server; `announce` passes a change on to the other tabs. Rejects with the problem. */
  async check({ announce = false } = {}): Promise<void> {
    const before = this.account?.id;
    this.#epoch += 1;
    this.#running ??= this.#request().finally(() => (this.#running = undefined));
    await this.#running;
    if (announce && this.account?.id !== before) this.#announce();
  }

  /** Does the same for callers that can do nothing about a failure; `problem` keeps it. */
  refresh(options: { announce?: boolean } = {}): Promise<void> {
    return this.check(options).catch(() => undefined);
  }

  /** Takes an account that this tab has just learnt by acting (signed in, signed out) or from the socket. */
  set(account: Account | null, { announce = false } = {}): void {
    this.#epoch += 1;
    this.#take(account);
    if (announce) this.#announce();
  }

  /** Signs in by a request of this tab. `signingIn` lets others wait for its answer, which brings the cookie. */
  async signIn(answer: Promise<{ account: Account }>): Promise<void> {
    this.signingIn = answer.catch(() => undefined);
    const { account } = await answer;
    this.set(account, { announce: true });
  }

  /** Signs out in every tab of this browser. Rejects with the problem. */
  async signOut(): Promise<void> {
    await api.delete('/session');
    this.#leave();
    this.set(null);
    this.#channel?.postMessage(SIGNED_OUT);
  }

  #leave(): void {
    this.owner = null;
    this.changed();
  }

  /** Calls `listener` when another tab may have replaced the session, be it by one of the same account. */
  onReplaced(listener: () => void): () => void {
    this.#replacedListeners.add(listener);
    return () => void this.#replacedListeners.delete(listener);
  }

  async #request(): Promise<void> {
    this.#requestedAt = performance.now();
    try {
      let epoch;
      let account;
      do {
        epoch = this.#epoch;
        ({ account, texts: this.texts } = await api.get('/session'));
      } while (epoch !== this.#epoch);
      this.#take(account);
    } catch (error) {
      this.problem = asProblem(error);
      if (this.account === undefined) this.changed();
      if (this.problem.code === 'network.unreachable')
        void import('./refused-origin.js').then((it) => it.tellIfRefused()).catch(() => undefined);
      throw error;
    }
  }

  #take(account: Account | null): void {
    this.problem = undefined;
    if (account) this.owner = account.id;
    if (JSON.stringify(account) === JSON.stringify(this.account)) return;
    this.account = account;
    this.changed();
  }

  #announce(): void {
    this.#channel?.postMessage(MESSAGE);
  }
}
