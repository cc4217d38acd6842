/**
 * Where a gift stands. Facts arrive in any order, so a state only ever rises in this order; `paid` and
 * `refunded` are told apart by the ledger alone.
 */
const STATE_ORDER = ['created', 'open', 'unpaid', 'expired', 'failed', 'paid'] as const;

export type SessionState = (typeof STATE_ORDER)[number];
export type DonationState = SessionState | 'refunded';
type DonationStatus = 'pending' | 'paid' | 'failed' | 'expired' | 'refunded';

/** What the ledger knows of a gift. */
export interface Balance {
  paid: boolean;
  /** Whether anything is left of it: open disputes still count as given, lost ones do not. */
  kept: boolean;
}

/** The state after these claims and this ledger: the same for every order in which they came. */
export function nextState(current: DonationState, claims: readonly SessionState[], balance: Balance): DonationState {
  const known = [current === 'refunded' ? 'paid' : current, ...claims, ...(balance.paid ? ['paid' as const] : [])];
  const highest = STATE_ORDER.findLast((it) => known.includes(it))!;
  return highest === 'paid' && balance.paid && !balance.kept ? 'refunded' : highest;
}

/**
 * What the giver is told. A gift that has no payment page, and for which nobody is asking Stripe any more, cannot be
 * paid: nothing was charged, and only a repeat of its request gives it a page.
 */
export function statusOf(state: DonationState, page: 'open' | 'coming' | 'none'): DonationStatus {
  if (state === 'created' && page === 'none') return 'expired';
  return state === 'created' || state === 'open' || state === 'unpaid' ? 'pending' : state;
}
