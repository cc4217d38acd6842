interface VisitStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEY = 'rostra.alerts.checked';
/** After half an hour without a check a new visit begins, also in a tab that stays open. */
const VISIT_MS = 30 * 60_000;

/**
 * Limits the comparisons that cost requests to one a visit. A new tab begins a visit; moving between the site's pages
 * in it does not.
 */
export class VisitCheck {
  constructor(private readonly store: () => VisitStorage) {}

  isDue(now = Date.now()): boolean {
    try {
      return !(now - Number(this.store().getItem(KEY)) < VISIT_MS);
    } catch {
      return true;
    }
  }

  checked(now = Date.now()): void {
    try {
      this.store().setItem(KEY, String(now));
    } catch {
      // When storage is forbidden, every page is a visit.
    }
  }
}
