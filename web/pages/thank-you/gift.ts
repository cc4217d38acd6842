/** What GET /donations/{id} says of a gift to its maker (docs/contract.md). */
export interface Gift {
  id: string;
  status: 'pending' | 'paid' | 'failed' | 'expired' | 'refunded';
  amount: number;
  currency: string;
  interval: 'once' | 'month' | 'year';
  visibility: 'anonymous' | 'public';
  /** Of a gift that repeats: whether it goes on, until when, and whether it can be stopped from here. */
  repeats: { status: 'on' | 'ending' | 'ended'; until: string | null; manageable: boolean } | null;
  article: { url: string; title: string | null } | null;
  createdAt: string;
  paidAt: string | null;
}

/** The gift that the address names. It says which one to ask about, and nothing of how that one stands. */
export function giftIn(search: string): string | null {
  const id = new URLSearchParams(search).get('donation');
  return id && /^[\w-]{8,128}$/.test(id) ? id : null;
}
