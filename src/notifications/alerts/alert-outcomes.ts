import { type NextAttempt, nextAttempt } from '../push/push-attempts.js';
import type { PushOutcome, Attempt } from '../push/push.types.js';
import type { AlertCounts } from './alert-ledger.js';
import type { Settled } from './run-in-slots.js';

/** `left`: no longer of the audience. `late`: the alert's time is over. */
export type AlertOutcome = PushOutcome | { kind: 'left' } | { kind: 'late' };
/** By the subscription's id. */
export type SentPush = Settled<string, AlertOutcome>;

export interface RetryGroup extends NextAttempt {
  ids: string[];
}

/** What is counted at once, and what is tried again, in groups of about the same time. */
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

/** Up to the next five seconds, so that few batches come of many waits; never earlier than was asked for. */
const rounded = (seconds: number): number => (seconds <= 5 ? Math.max(1, seconds) : Math.ceil(seconds / 5) * 5);
