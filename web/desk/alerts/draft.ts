import type { AlertText } from './contract.js';

/** What an editor has written and not sent. */
export interface Draft {
  accountId: string;
  text: AlertText;
  /** The alert that the server made of it when it was last checked. */
  alertId: string | null;
}

const STORED = 'rostra-desk-alert';

/** In the tab's own storage: it outlives a reload and an ended session, and not the tab. */
export function readDraft(accountId: string): Draft | undefined {
  try {
    const draft = JSON.parse(sessionStorage.getItem(STORED) ?? 'null') as Draft | null;
    return draft?.accountId === accountId && typeof draft.text?.title === 'string' ? draft : undefined;
  } catch {
    return undefined;
  }
}

export function writeDraft(draft: Draft | undefined): void {
  try {
    if (draft) sessionStorage.setItem(STORED, JSON.stringify(draft));
    else sessionStorage.removeItem(STORED);
  } catch {
    // Storage refused: what was written stays until the page is closed.
  }
}
