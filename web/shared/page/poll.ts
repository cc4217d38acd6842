import { asProblem } from '../problem.js';
import { nextDelay } from './backoff.js';

/** Runs `work` again and again at `step`, as politely as `nextDelay` says, until stopped. */
export class Poll {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private stopped = false;

  constructor(
    private readonly step: number,
    private readonly work: () => Promise<void>,
  ) {}

  async now(): Promise<void> {
    clearTimeout(this.timer);
    let retryAfterSeconds: number | undefined;
    try {
      await this.work();
      this.failures = 0;
    } catch (error) {
      this.failures += 1;
      retryAfterSeconds = asProblem(error).retryAfterSeconds;
    }
    const moment = { hidden: document.visibilityState !== 'visible', failures: this.failures, retryAfterSeconds };
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => void this.now(), nextDelay(moment, this.step));
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }
}
