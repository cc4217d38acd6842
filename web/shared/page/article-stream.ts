import { api } from '../api.js';
import type { LogEvents, Frame } from '../contract.js';
import { asProblem } from '../problem.js';
import { nextDelay } from './backoff.js';
import { FrameLog } from './frame-log.js';

/** Where an article's frames go. */
interface FrameSink {
  apply(frame: Frame): void;
  /** The log no longer reaches back to where we are: read the list anew. */
  reset(): void;
}

/** After a catch-up that left a gap (a cache in between is a second behind): how long until the next. */
const GAP_MS = 600;

/** One article's log on this page, whichever way its frames come. */
export class ArticleStream {
  readonly #log = new FrameLog();
  #catching: Promise<void> | undefined;
  #closed = false;
  /** Catch-ups for a gap that failed in a row. */
  #failures = 0;
  #gapTimer: ReturnType<typeof setTimeout> | undefined;

  /** `keys`: the article's key as we know it, and as it is now. */
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

  /** A frame that came by itself. */
  receive(frame: Frame): void {
    // While they fail, frames do not hurry the next catch-up.
    if (this.#take(frame) && !this.#failures) this.#fillGap(0);
  }

  /** Reads what happened since; rejects with the problem. One at a time. */
  catchUp(): Promise<void> {
    this.#catching ??= this.#readOn().finally(() => (this.#catching = undefined));
    return this.#catching;
  }

  /** Reads again what happened after an earlier position: for lists that were read while frames came. */
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
