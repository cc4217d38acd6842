import type { DecisionInput } from './contract.js';

/** A decision that was not saved because the session had ended. It is offered to the same moderator again. */
export interface UnsavedDecision {
  accountId: string;
  commentId: string;
  /** The name of the comment's author, for the offer. */
  authorName: string;
  input: DecisionInput;
}

const KEY = 'rostra-desk-unsaved-decisions';

/** Reads from the tab's storage, because a phone may drop the page while its owner reads the sign-in mail. */
export function readUnsavedDecisions(): UnsavedDecision[] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? (stored as UnsavedDecision[]).filter((it) => it?.commentId && it.input?.action) : [];
  } catch {
    return [];
  }
}

export function writeUnsavedDecisions(unsaved: readonly UnsavedDecision[]): void {
  try {
    if (unsaved.length) sessionStorage.setItem(KEY, JSON.stringify(unsaved));
    else sessionStorage.removeItem(KEY);
  } catch {
    // The browser refuses storage: the decision stays in memory.
  }
}
