import { api } from '../api.js';
import type { LogEvents, Frame } from '../contract.js';
import { asProblem } from '../problem.js';
import { nextDelay } from './backoff.js';
import { FrameLog } from './frame-log.js';

/** Receives an article's frames. */
interface FrameSink {
  apply(frame: Frame): void;
  /** The log no longer reaches back to our position, so the list must be read anew. */
  reset(): void;
}

/** The wait after a catch-up that left a gap, because a cache in between may be a second behind. */
const GAP_MS = 600;

/** One article's log on this page. Its frames come by socket and by polling. */
export class ArticleStream {
  readonly #log = new FrameLog();
  #catching: Promise<void> | undefined;
  #closed = false;
  /** Counts the catch-ups for a gap that failed in a row. */
  #failures = 0;
  #gapTimer: ReturnType<typeof setTimeout> | undefined;

  /** The article's key as the page knows it, and its current key. */
  readonly keys: Set<string>;

  readonly #sink: FrameSink;

  constructor(
    readonly key: string,
    sink: FrameSink,
  ) {
    this.#sink = sink;
    this.keys = new Set([key]);
  }

  get position(): number {
    return this.#log.position;
  }

  /** Continues from a list that was just read. */
  restart(position: number): void {
    this.#log.restart(position);
  }

  /** Takes a frame that the socket brought. */
  receive(frame: Frame): void {
    // While catch-ups fail, frames do not hurry the next one.
    if (this.#take(frame) && !this.#failures) this.#fillGap(0);
  }

  /** Reads what happened since, once at a time. Rejects with the problem. */
  catchUp(): Promise<void> {
    this.#catching ??= this.#readOn().finally(() => (this.#catching = undefined));
    return this.#catching;
  }

  /** Applies again what happened after an earlier position, for lists that were read while frames came. */
  async replay(after: number): Promise<void> {
    for (let from = after; from < this.position;) {
      const events = await this.#events(from);
      if ('reset' in events) return this.#sink.reset();
      this.#sink.apply(events);
      if (events.to <= from) return;
      from = events.to;
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#gapTimer);
  }

  async #readOn(): Promise<void> {
    for (let more = true; more && !this.#closed;) {
      const events = await this.#events(this.position);
      if ('reset' in events) return this.#sink.reset();
      if (this.#take(events)) this.#fillGap(GAP_MS);
      more = events.more && events.to > events.from;
    }
  }

  #take(frame: Frame): boolean {
    const { ready, gap } = this.#log.accept(frame);
    for (const it of ready) this.#sink.apply(it);
    return gap;
  }

  #fillGap(delay: number): void {
    clearTimeout(this.#gapTimer);
    if (this.#closed) return;
    this.#gapTimer = setTimeout(() => {
      this.catchUp().then(
        () => (this.#failures = 0),
        (error: unknown) => {
          this.#failures += 1;
          const { retryAfterSeconds } = asProblem(error);
          this.#fillGap(nextDelay({ hidden: false, failures: this.#failures, retryAfterSeconds }, GAP_MS * 5));
        },
      );
    }, delay);
  }

  #events(after: number): Promise<LogEvents> {
    return api.read('/articles/{key}/events', { path: { key: this.key }, query: { after } });
  }
}
