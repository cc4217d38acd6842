/** The steps of reading again, in milliseconds. */
export const VISIBLE_MS = 2_000;
export const HIDDEN_MS = 20_000;
const LONGEST_MS = 60_000;

interface Moment {
  hidden: boolean;
  /** Failures in a row so far. */
  failures: number;
  /** What the server asked for, in seconds. */
  retryAfterSeconds?: number | undefined;
}

/**
 * When to ask again: every `step` while somebody looks, seldom while nobody does, twice as late after each failure, and
 * never before the server said; spread by a fifth, so that readers who came together do not ask together.
 */
export function nextDelay(moment: Moment, step = VISIBLE_MS, random = Math.random): number {
  const calm = moment.hidden ? Math.max(step, HIDDEN_MS) : step;
  const backedOff = Math.min(calm * 2 ** Math.min(moment.failures, 10), Math.max(LONGEST_MS, calm));
  const spread = backedOff * (0.8 + 0.4 * random());
  return Math.max(spread, (moment.retryAfterSeconds ?? 0) * 1000 * (1 + 0.2 * random()));
}
