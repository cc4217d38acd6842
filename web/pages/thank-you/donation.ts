/** What GET /donations/{id} answers to the donor (docs/contract.md). */
export interface Donation {
  id: string;
  status: 'pending' | 'paid' | 'failed' | 'expired' | 'refunded';
  amount: number;
  currency: string;
  interval: 'once' | 'month' | 'year';
  visibility: 'anonymous' | 'public';
  /** For a donation that repeats: its state, the date on which it ends, and whether this page can lead to Stripe's. */
  repeats: { status: 'on' | 'ending' | 'ended'; until: string | null; manageable: boolean } | null;
  article: { url: string; title: string | null } | null;
  createdAt: string;
  paidAt: string | null;
}

/** The donation that the address names, or null. The address only says which one; its state comes from the server. */
export function donationIdIn(search: string): string | null {
  const id = new URLSearchParams(search).get('donation');
  return id && /^[\w-]{8,128}$/.test(id) ? id : null;
}
