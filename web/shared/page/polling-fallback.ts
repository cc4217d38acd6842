import { asProblem } from '../problem.js';
import type { ArticleStream } from './article-stream.js';
import { VISIBLE_MS } from './backoff.js';
import { Poll } from './poll.js';

export type LiveState = 'connecting' | 'live' | 'polling' | 'offline';

/** The reads that polling repeats. */
interface PolledReads {
  /** Milliseconds between two reads of the session. */
  sessionMs: number;
  session(): Promise<void>;
  /** Called after each successful read of the session. */
  afterSession(): void;
  streams: Iterable<ArticleStream>;
}

/** Without a complete connection for this long, the page polls meanwhile. */
const GRACE_MS = 3_000;

/** Reads by polling while the socket does not bring everything, and keeps the state that the page shows. */
export class PollingFallback {
  state: LiveState = 'connecting';
  readonly #polls = new Map<ArticleStream | 'session', Poll>();
  #grace: ReturnType<typeof setTimeout> | undefined;
  readonly #reads: PolledReads;
  readonly #onState: () => void;

  constructor(reads: PolledReads, onState: () => void) {
    this.#reads = reads;
    this.#onState = onState;
  }

  /** Polls from the end of the grace time on, unless the connection is complete by then. */
  begin(): void {
    clearTimeout(this.#grace);
    this.#grace = setTimeout(() => this.poll(), GRACE_MS);
  }

  end(): void {
    clearTimeout(this.#grace);
    for (const it of this.#polls.values()) it.stop();
    this.#polls.clear();
  }

  /** Polls from now on. */
  poll(): void {
    clearTimeout(this.#grace);
    if (this.#polls.size) return;
    const reads = this.#reads;
    this.setState(navigator.onLine === false ? 'offline' : 'polling');
    this.#add('session', reads.sessionMs, async () => {
      await this.#noteReachability(reads.session());
      reads.afterSession();
    });
    for (const it of reads.streams) this.add(it);
  }

  /** Polls a stream while the page polls. */
  add(stream: ArticleStream): void {
    if (this.#polls.size) this.#add(stream, VISIBLE_MS, () => this.#noteReachability(stream.catchUp()));
  }

  remove(stream: ArticleStream): void {
    this.#polls.get(stream)?.stop();
    this.#polls.delete(stream);
  }

  /** Starts and ends the polling when the connection is no longer complete, or is complete again. */
  settle(complete: boolean): void {
    if (complete) {
      this.end();
      this.setState('live');
    } else if (!this.#polls.size && this.state !== 'connecting') {
      this.setState('connecting');
      this.begin();
    }
  }

  /** Polls at once, when the network or the visitor has returned. */
  checkNow(): void {
    if (this.state === 'offline') this.setState(this.#polls.size ? 'polling' : 'connecting');
    for (const it of this.#polls.values()) void it.now();
  }

  setState(state: LiveState): void {
    if (state === this.state) return;
    this.state = state;
    this.#onState();
  }

  #add(what: ArticleStream | 'session', step: number, read: () => Promise<void>): void {
    const poll = new Poll(step, read);
    this.#polls.set(what, poll);
    void poll.now();
  }

  /** The state is "offline" as soon as a request is not answered, and "polling" again with the first answer. */
  async #noteReachability(answer: Promise<void>): Promise<void> {
    try {
      await answer;
      if (this.state === 'offline') this.setState('polling');
    } catch (error) {
      if (asProblem(error).offline && this.state === 'polling') this.setState('offline');
      throw error;
    }
  }
}
