/** Milliseconds between two reads while the page is visible. */
export const VISIBLE_MS = 2_000;
export const HIDDEN_MS = 20_000;
const LONGEST_MS = 60_000;

interface Moment {
  hidden: boolean;
  /** Failures in a row so far. */
  failures: number;
  /** The wait that the server asked for, in seconds. */
  retryAfterSeconds?: number | undefined;
}

/**
 * Returns the milliseconds until the next read: `step` while the page is visible, more while it is hidden, twice as
 * many after each failure, and never fewer than the server asked for. They are spread by a fifth, so that readers who
 * came together do not ask together.
 */
export function nextDelay(moment: Moment, step = VISIBLE_MS, random = Math.random): number {
  const calm = moment.hidden ? Math.max(step, HIDDEN_MS) : step;
  const backedOff = Math.min(calm * 2 ** Math.min(moment.failures, 10), Math.max(LONGEST_MS, calm));
  const spread = backedOff * (0.8 + 0.4 * random());
  return Math.max(spread, (moment.retryAfterSeconds ?? 0) * 1000 * (1 + 0.2 * random()));
}
