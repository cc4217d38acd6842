import type { Schemas } from '../../shared/contract.js';

/** The donation as its donor sees it. */
export type Donation = Schemas['Donation'];

/** The donation that the address names, or null. The address only says which one; its state comes from the server. */
export function donationIdIn(search: string): string | null {
  const id = new URLSearchParams(search).get('donation');
  return id && /^[\w-]{8,128}$/.test(id) ? id : null;
}

/**
 * The proof that the address carries in its fragment, which never leaves the browser by itself. It stays in the address,
 * so that a reload and a bookmark keep it.
 */
export function proofIn(hash: string): string | null {
  const proof = new URLSearchParams(hash.slice(1)).get('proof');
  return proof && /^[\w-]{1,128}$/.test(proof) ? proof : null;
}

/** The headers by which a donor without cookie and account proves the right to see and to manage a donation. */
export const proving = (proof: string | null): Record<string, string> => (proof ? { 'donation-proof': proof } : {});
