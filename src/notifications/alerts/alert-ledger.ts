import { row, rows, type Tx } from '../../database/rows.js';
import type { AlertState } from './alerts.entity.js';

/** What becomes of a subscription that an alert was for; targeted is their sum once all are told. */
export const RESULTS = ['accepted', 'gone', 'failed', 'expired', 'cancelled'] as const;
export type AlertResult = (typeof RESULTS)[number];
export type AlertCounts = Partial<Record<AlertResult | 'targeted', number>>;

/**
 * Locks an alert, before any of its batches: whoever moves subscriptions between them and the counts does so within
 * this lock, so none is counted twice or forgotten.
 */
export async function lockAlert(tx: Tx, id: string): Promise<{ state: AlertState } | undefined> {
  return row<{ state: AlertState }>(tx, 'select state from alerts where id = $1 for no key update', [id]);
}

/** Adds to the counts of a locked alert, and finishes it when everybody is accounted for. */
export async function addCounts(tx: Tx, id: string, counts: AlertCounts, now: Date): Promise<void> {
  const names = ['targeted', ...RESULTS] as const;
  await tx.query(
    `update alerts set ${names.map((it, index) => `${it} = ${it} + $${index + 2}`).join(', ')} where id = $1`,
    [id, ...names.map((it) => counts[it] ?? 0)],
  );
  await tx.query(
    `update alerts set finished_at = $2, state = case state when 'sending' then 'sent' else state end
     where id = $1 and divided and finished_at is null and targeted = ${RESULTS.join(' + ')}`,
    [id, now],
  );
}

/** Takes the batches that no worker has begun from a locked alert. @returns how many subscriptions they held */
export async function removeWaitingBatches(tx: Tx, id: string): Promise<number> {
  const taken = await rows<{ n: number }>(
    tx,
    'delete from alert_batches where alert_id = $1 and not begun returning cardinality(pending) as n',
    [id],
  );
  return taken.reduce((sum, it) => sum + it.n, 0);
}
