import { PAST_DUE_DAYS } from '../badge/badge.service.js';
import type { Interval } from '../amounts/intervals.js';
import type { Subscription } from '../stripe/stripe-objects.js';

/** What a subscription costs, in minor units, and how often. */
interface SubscriptionTerms {
  amount: number | null;
  currency: string | null;
  recurrence: Interval | null;
}

const UNKNOWN: SubscriptionTerms = { amount: null, currency: null, recurrence: null };

/** Reads the terms of the next renewal. They are unknown when the items have no common currency or no fixed price. */
export function termsOf({ items }: Pick<Subscription, 'items'>): SubscriptionTerms {
  const lines = items?.data ?? [];
  const [first] = lines;
  if (!first?.price || lines.some((it) => it.price?.currency !== first.price!.currency || it.price.unit_amount == null))
    return UNKNOWN;
  const { interval, interval_count: count } = first.price.recurring ?? {};
  return {
    amount: lines.reduce((sum, it) => sum + it.price!.unit_amount! * (it.quantity ?? 1), 0),
    currency: first.price.currency,
    recurrence: count === 1 && (interval === 'month' || interval === 'year') ? interval : null,
  };
}

/** The states in which a donor may see a recurring donation. */
export type RepetitionStatus =
  'on' | 'trialing' | 'ending' | 'ended' | 'past_due' | 'unpaid' | 'paused' | 'incomplete' | 'incomplete_expired';

interface KnownSubscription {
  status: string | null;
  collectionPaused: boolean;
  pastDueSince: Date | null;
  ending: boolean | null;
}

/** Tells how a subscription stands: each of Stripe's eight states, and what lies beside the state. */
export function repetitionStatusOf(known: KnownSubscription, now: Date): RepetitionStatus {
  const { status, collectionPaused, pastDueSince, ending } = known;
  switch (status) {
    case 'canceled':
      return 'ended';
    case 'incomplete':
    case 'incomplete_expired':
    case 'unpaid':
    case 'paused':
      return status;
    case 'past_due': {
      const days = pastDueSince ? (now.getTime() - pastDueSince.getTime()) / 86_400_000 : 0;
      return days > PAST_DUE_DAYS ? 'unpaid' : 'past_due';
    }
    default:
      if (collectionPaused) return 'paused';
      if (ending) return 'ending';
      return status === 'trialing' ? 'trialing' : 'on';
  }
}
