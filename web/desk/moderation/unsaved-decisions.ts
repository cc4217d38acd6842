import type { Verdict } from './contract.js';

/** A decision that was made but not saved, because the session had ended; offered again to the same moderator. */
export interface KeptDecision {
  accountId: string;
  commentId: string;
  /** Whose comment it is, for the words of the offer. */
  writer: string | null;
  verdict: Verdict;
}

const KEY = 'rostra-desk-kept';

/** In the tab's own storage: a phone may drop the page while its owner reads the sign-in mail. */
export function readKept(): KeptDecision[] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? (stored as KeptDecision[]).filter((it) => it?.commentId && it.verdict?.action) : [];
  } catch {
    return [];
  }
}

export function writeKept(kept: readonly KeptDecision[]): void {
  try {
    if (kept.length) sessionStorage.setItem(KEY, JSON.stringify(kept));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage refused: the decision is still kept in memory.
  }
}
