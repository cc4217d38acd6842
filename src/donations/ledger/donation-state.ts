/**
 * The states of a donation. Stripe's facts arrive in any order, so a state only moves upwards in this list. Only the
 * ledger decides between `paid` and `refunded`.
 */
const STATE_ORDER = ['created', 'open', 'unpaid', 'expired', 'failed', 'paid'] as const;

export type SessionState = (typeof STATE_ORDER)[number];
export type DonationState = SessionState | 'refunded';
type DonationStatus = 'pending' | 'paid' | 'failed' | 'expired' | 'refunded';

/** The sum of a donation's ledger entries. */
export interface Balance {
  paid: boolean;
  /** Whether any money is left. An open dispute does not reduce it, and a lost one does. */
  kept: boolean;
}

/** The state that follows from all claims and the ledger. It does not depend on the order of the claims. */
export function nextState(current: DonationState, claims: readonly SessionState[], balance: Balance): DonationState {
  const known = [current === 'refunded' ? 'paid' : current, ...claims, ...(balance.paid ? ['paid' as const] : [])];
  const highest = STATE_ORDER.findLast((it) => known.includes(it))!;
  return highest === 'paid' && balance.paid && !balance.kept ? 'refunded' : highest;
}

/**
 * The status that the donor sees. A donation without a payment page that no request is opening counts as expired: nothing
 * was charged, and only a repeat of its request opens a page.
 */
export function statusOf(state: DonationState, page: 'open' | 'coming' | 'none'): DonationStatus {
  if (state === 'created' && page === 'none') return 'expired';
  return state === 'created' || state === 'open' || state === 'unpaid' ? 'pending' : state;
}
