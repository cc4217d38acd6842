import { row, rows, type Tx } from '../../database/rows.js';
import type { AlertState } from './alerts.entity.js';

/** The outcome of an alert for one subscription. `targeted` is the sum of all outcomes once the alert is finished. */
export type AlertResult = 'accepted' | 'gone' | 'failed' | 'expired' | 'cancelled';
export type AlertCounts = Partial<Record<AlertResult | 'targeted', number>>;

/**
 * Locks an alert, before any of its batches. Subscriptions move between batches and counts only under this lock, so none
 * is counted twice or lost.
 */
export async function lockAlert(tx: Tx, id: string): Promise<{ state: AlertState } | undefined> {
  return row<{ state: AlertState }>(tx.sql`select state from alerts where id = ${id} for no key update`);
}

/** Adds to the counts of a locked alert, and finishes it when the outcomes sum up to its audience. */
export async function addCounts(tx: Tx, id: string, counts: AlertCounts, now: Date): Promise<void> {
  const { targeted = 0, accepted = 0, gone = 0, failed = 0, expired = 0, cancelled = 0 } = counts;
  await tx.sql`
    update alerts set targeted = targeted + ${targeted}, accepted = accepted + ${accepted}, gone = gone + ${gone},
      failed = failed + ${failed}, expired = expired + ${expired}, cancelled = cancelled + ${cancelled}
    where id = ${id}`;
  await tx.sql`
    update alerts set finished_at = ${now}, state = case state when 'sending' then 'sent' else state end
    where id = ${id} and divided and finished_at is null
      and targeted = accepted + gone + failed + expired + cancelled`;
}

/** Deletes the batches of a locked alert that no worker has begun. @returns how many subscriptions they held */
export async function removeWaitingBatches(tx: Tx, id: string): Promise<number> {
  const taken = await rows<{ n: number }>(
    tx.sql`delete from alert_batches where alert_id = ${id} and not begun returning cardinality(pending) as n`,
  );
  return taken.reduce((sum, it) => sum + it.n, 0);
}
