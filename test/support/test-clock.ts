import { Clock } from '../../src/clock/clock.js';

interface Timer {
  every: number;
  due: number;
  work: () => Promise<void>;
  failed: (error: unknown) => void;
}

/**
 * The test's clock. `now()` can be moved. By default repeated calls run in real time; with `manual` they run only when
 * the test advances the clock, so a test can show what happens between two polls.
 */
export class TestClock extends Clock {
  private offset = 0;
  private readonly timers = new Set<Timer>();

  constructor(private readonly manual = false) {
    super();
  }

  override now(): Date {
    return new Date(Date.now() + this.offset);
  }

  override elapsed(): number {
    return performance.now() + this.offset;
  }

  override every(ms: number, work: () => Promise<void>, failed: (error: unknown) => void): () => Promise<void> {
    if (!this.manual) return super.every(ms, work, failed);
    const timer = { every: ms, due: this.elapsed() + ms, work, failed };
    this.timers.add(timer);
    return async () => void this.timers.delete(timer);
  }

  /** Moves the time and runs the calls that fall due, one after another. */
  async advance(ms: number): Promise<void> {
    this.offset += ms;
    const now = this.elapsed();
    for (const timer of this.timers) {
      if (timer.due > now) continue;
      timer.due = now + timer.every;
      await timer.work().catch(timer.failed);
    }
  }
}
