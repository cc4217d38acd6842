/** The length of one period. */
interface Recurrence {
  interval: string;
  interval_count: number;
}

/**
 * Returns the end of the period that begins at `start`, both in seconds. Months and years keep the day of the anchor, at
 * most the last day of the month: 31 January, 28 February, 31 March.
 * @param anchor - the billing cycle's anchor, whose day of the month is kept
 */
export function periodEnd(start: number, { interval, interval_count: count }: Recurrence, anchor: number): number {
  if (interval === 'day') return start + count * 86_400;
  if (interval === 'week') return start + count * 7 * 86_400;
  const months = interval === 'year' ? 12 * count : count;
  const day = new Date(anchor * 1000).getUTCDate();
  const date = new Date(start * 1000);
  const target = new Date(date);
  target.setUTCDate(1);
  target.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  target.setUTCDate(Math.min(day, last));
  return target.getTime() / 1000;
}
