import { asProblem } from '../problem.js';
import { nextDelay } from './backoff.js';

/** Runs `work` again and again, `step` milliseconds apart and with the backoff of `nextDelay`, until stopped. */
export class Poll {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #stopped = false;

  readonly #step: number | (() => number);
  readonly #work: () => Promise<void>;

  constructor(step: number | (() => number), work: () => Promise<void>) {
    this.#step = step;
    this.#work = work;
  }

  /** Runs at once, and from then on by itself. */
  async now(): Promise<void> {
    clearTimeout(this.#timer);
    let retryAfterSeconds: number | undefined;
    try {
      await this.#work();
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      retryAfterSeconds = asProblem(error).retryAfterSeconds;
    }
    this.later(retryAfterSeconds);
  }

  /** Runs for the first time after one step. */
  later(retryAfterSeconds?: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const moment = { hidden: document.visibilityState !== 'visible', failures: this.#failures, retryAfterSeconds };
    const step = typeof this.#step === 'number' ? this.#step : this.#step();
    this.#timer = setTimeout(() => void this.now(), nextDelay(moment, step));
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
