import { type NextAttempt, nextAttempt } from '../push/push-attempts.js';
import type { PushOutcome, Attempt } from '../push/push.types.js';
import type { AlertCounts } from './alert-ledger.js';
import type { Settled } from './run-in-slots.js';

/** `left` means that the subscription no longer belongs to the audience, `late` that the alert's TTL has passed. */
export type AlertOutcome = PushOutcome | { kind: 'left' } | { kind: 'late' };
/** The outcome for a subscription, by its id. */
export type SentPush = Settled<string, AlertOutcome>;

export interface RetryGroup extends NextAttempt {
  ids: string[];
}

/** Separates outcomes that are final from those to be tried again, which are grouped by their time. */
export function tally(
  sent: SentPush[],
  { expiresAt, ...its }: Attempt & { expiresAt: Date },
  now: Date,
  cancelled: boolean,
): { counts: AlertCounts; again: RetryGroup[] } {
  const counts: AlertCounts = {};
  const again = new Map<string, RetryGroup>();
  const add = (name: keyof AlertCounts): void => void (counts[name] = (counts[name] ?? 0) + 1);
  for (const { item, result } of sent) {
    if (result.kind === 'accepted') add('accepted');
    else if (result.kind === 'gone' || result.kind === 'left') add('gone');
    else if (result.kind === 'late') add('expired');
    else {
      const next = nextAttempt(result, its);
      const after = rounded(next?.after ?? 0);
      if (!next) add('failed');
      else if (cancelled) add('cancelled');
      else if (now.getTime() + after * 1_000 >= expiresAt.getTime()) add('expired');
      else {
        const key = `${next.attempt} ${next.doubted} ${after}`;
        const group = again.get(key) ?? { ...next, after, ids: [] };
        group.ids.push(item);
        again.set(key, group);
      }
    }
  }
  return { counts, again: [...again.values()] };
}

/** Rounds up to five seconds, so that many pauses give few batches. It never returns less than the requested pause. */
const rounded = (seconds: number): number => (seconds <= 5 ? Math.max(1, seconds) : Math.ceil(seconds / 5) * 5);
