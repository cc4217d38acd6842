import { Injectable } from '@nestjs/common';

/** The present time and repeated calls, as a service that tests replace. */
@Injectable()
export class Clock {
  /** What the database's clock showed when `performance.now()` was zero, in milliseconds. */
  private origin: number | undefined;

  /**
   * The time by the database's clock, so that processes on machines with different clocks agree about the end of a
   * ticket, a link, an alert or a job. It goes on monotonically when the machine's clock jumps. Before the first
   * `setTo` it is the machine's time.
   */
  now(): Date {
    return new Date(this.origin === undefined ? Date.now() : this.origin + performance.now());
  }

  /** Sets the time to what the database's clock showed at a moment of `performance.now()`. */
  setTo(databaseTime: number, at: number): void {
    this.origin = databaseTime - at;
  }

  /** Milliseconds that only grow, for intervals within this process. The machine's clock may be set back. */
  elapsed(): number {
    return performance.now();
  }

  /**
   * Calls `work` every `ms` milliseconds, never twice at once, and passes its errors to `failed`.
   * @returns a function that stops it and resolves when a running call has ended
   */
  every(ms: number, work: () => Promise<void>, failed: (error: unknown) => void): () => Promise<void> {
    let running: Promise<void> | undefined;
    const timer = setInterval(() => {
      running ??= work()
        .catch(failed)
        .finally(() => (running = undefined));
    }, ms);
    timer.unref();
    return async () => {
      clearInterval(timer);
      await running;
    };
  }
}
