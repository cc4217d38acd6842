const SOON_MS = 50;
/** Hints that never end lead to no more than four looks a second. */
const CALM_MS = 250;

/**
 * A look at the truth, once a second by the poll and soon after a hint: so a lost hint costs a second, and what a hint
 * and a poll both find is told once.
 */
export class CoalescedPoll {
  private running: Promise<void> = Promise.resolve();
  /** The look that has not begun: it will see all that is there by then, so nobody needs another behind it. */
  private next: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private last = 0;

  constructor(
    private readonly work: () => Promise<void>,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** In its turn: two looks at once would both tell the same. @throws what the work throws */
  runNow(): Promise<void> {
    if (this.next) return this.next;
    const looked = this.running.then(() => {
      this.next = undefined;
      return this.work();
    });
    this.next = looked;
    this.running = looked.catch(() => {});
    return looked;
  }

  /** The hints of a moment lead to one look, which begins after the last of them. */
  runSoon(): void {
    this.timer ??= setTimeout(
      () => {
        this.timer = undefined;
        this.last = Date.now();
        this.runNow().catch(this.failed); // the next poll tries again
      },
      Math.max(SOON_MS, this.last + CALM_MS - Date.now()),
    );
  }

  /** Resolves when a running look has ended. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    await this.running;
  }
}
