import { setTimeout as wait } from 'node:timers/promises';

/**
 * Awaits work that may hang, but not for ever. The work goes on, and its late result or error is nobody's.
 * @throws the error of `late` after `ms`
 */
export async function inTime<T>(work: Promise<T>, ms: number, late: () => Error): Promise<T> {
  const timer = new AbortController();
  const tooLate = wait(ms, undefined, { signal: timer.signal }).then(() => Promise.reject(late()));
  tooLate.catch(() => {}); // the race has thrown it, or the timer was stopped
  work.catch(() => {}); // nobody may be left to hear it
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    timer.abort();
  }
}
