import { row, rows, type Tx } from '../../database/rows.js';
import type { AlertState } from './alerts.entity.js';

/** What becomes of a subscription that an alert was for; targeted is their sum once all are told. */
export type AlertResult = 'accepted' | 'gone' | 'failed' | 'expired' | 'cancelled';
export type AlertCounts = Partial<Record<AlertResult | 'targeted', number>>;

/**
 * Locks an alert, before any of its batches: whoever moves subscriptions between them and the counts does so within
 * this lock, so none is counted twice or forgotten.
 */
export async function lockAlert(tx: Tx, id: string): Promise<{ state: AlertState } | undefined> {
  return row<{ state: AlertState }>(tx.sql`select state from alerts where id = ${id} for no key update`);
}

/** Adds to the counts of a locked alert, and finishes it when everybody is accounted for. */
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

/** Takes the batches that no worker has begun from a locked alert. @returns how many subscriptions they held */
export async function removeWaitingBatches(tx: Tx, id: string): Promise<number> {
  const taken = await rows<{ n: number }>(
    tx.sql`delete from alert_batches where alert_id = ${id} and not begun returning cardinality(pending) as n`,
  );
  return taken.reduce((sum, it) => sum + it.n, 0);
}
