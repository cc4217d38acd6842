const DELAY_MS = 50;
/** Bounds the polls that events cause to four a second. */
const MIN_INTERVAL_MS = 250;

/**
 * Runs one poll at a time: every second by the clock, and soon after an event. So a lost event costs one second, and a
 * change that both the clock and an event lead to is sent once.
 */
export class CoalescedPoll {
  private running: Promise<void> = Promise.resolve();
  /** The poll that has not begun. It will see all changes up to then, so one waiting poll is enough. */
  private next: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private lastRun = -Infinity;

  constructor(
    private readonly poll: () => Promise<void>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /**
   * Polls after the poll that runs now, because two at once would send the same change.
   * @throws what the poll throws
   */
  runNow(): Promise<void> {
    if (this.next) return this.next;
    const polled = this.running.then(() => {
      this.next = undefined;
      return this.poll();
    });
    this.next = polled;
    this.running = polled.catch(() => {});
    return polled;
  }

  /** Polls soon. Events that come within that time share one poll, which begins after the last of them. */
  runSoon(): void {
    this.timer ??= setTimeout(
      () => {
        this.timer = undefined;
        this.lastRun = performance.now();
        this.runNow().catch(this.onFailure); // the next poll tries again
      },
      Math.max(DELAY_MS, this.lastRun + MIN_INTERVAL_MS - performance.now()),
    );
  }

  /** Resolves when the poll that runs now has ended. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    await this.running;
  }
}
