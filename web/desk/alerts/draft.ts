import type { AlertText } from './contract.js';

/** An alert that an editor has written and not sent. */
export interface AlertDraft {
  accountId: string;
  text: AlertText;
  /** The id of the alert that the server made when the draft was last checked. */
  alertId: string | null;
}

const STORED = 'rostra-desk-alert';

/** Reads from the tab's storage, which survives a reload and a sign-out, but not the tab. */
export function readDraft(accountId: string): AlertDraft | undefined {
  try {
    const draft = JSON.parse(sessionStorage.getItem(STORED) ?? 'null') as AlertDraft | null;
    return draft?.accountId === accountId && typeof draft.text?.title === 'string' ? draft : undefined;
  } catch {
    return undefined;
  }
}

export function writeDraft(draft: AlertDraft | undefined): void {
  try {
    if (draft) sessionStorage.setItem(STORED, JSON.stringify(draft));
    else sessionStorage.removeItem(STORED);
  } catch {
    // The browser refuses storage: the draft stays until the page is closed.
  }
}
