import { Injectable } from '@nestjs/common';

/** The present time and repeated calls, as a service that tests replace. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
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
