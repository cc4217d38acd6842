import { coalesce, Observable } from '../../shared/observable.js';
import type { Statistics as Numbers } from './contract.js';
import { readStatistics } from './moderation.api.js';

const FRESH_MS = 60_000;

/** The numbers of the last days, which the desk shows while no case is open. */
export class Statistics extends Observable {
  numbers: Numbers | undefined;
  #readAt = -Infinity;

  /** Reads the numbers when they are older than a minute. They are no work of anybody's, so a failure stays silent. */
  refreshIfOld(): void {
    if (Date.now() - this.#readAt >= FRESH_MS) void this.#read();
  }

  clear(): void {
    this.numbers = undefined;
    this.#readAt = -Infinity;
  }

  readonly #read = coalesce(async () => {
    this.#readAt = Date.now();
    try {
      this.numbers = await readStatistics();
    } catch {
      return;
    }
    this.changed();
  });
}
