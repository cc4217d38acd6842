import { t } from '../words.js';

const STEPS = [
  ['alert.days', 86_400],
  ['alert.hours', 3600],
  ['alert.minutes', 60],
] as const;

/** "4 hours": seconds in the largest unit that leaves no remainder. */
export function duration(seconds: number): string {
  const step = STEPS.find(([, size]) => seconds >= size && seconds % size === 0);
  return step ? t(step[0], { n: seconds / step[1] }) : t('alert.seconds', { n: seconds });
}

/** "3 seconds" or "2 minutes": milliseconds, rounded to the fitting unit. */
export function elapsed(ms: number): string {
  if (ms < 1000) return t('alert.moment');
  const seconds = Math.round(ms / 1000);
  const step = STEPS.find(([, size]) => seconds >= 2 * size);
  return step ? t(step[0], { n: Math.round(seconds / step[1]) }) : t('alert.seconds', { n: seconds });
}
