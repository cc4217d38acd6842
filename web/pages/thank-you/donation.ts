import type { Schemas } from '../../shared/contract.js';

/** The donation as its donor sees it. */
export type Donation = Schemas['Donation'];

/** The donation that the address names, or null. The address only says which one; its state comes from the server. */
export function donationIdIn(search: string): string | null {
  const id = new URLSearchParams(search).get('donation');
  return id && /^[\w-]{8,128}$/.test(id) ? id : null;
}
