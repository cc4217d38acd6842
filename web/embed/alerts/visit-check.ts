interface VisitStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEY = 'rostra.alerts.checked';
/** Half an hour without a look begins a new visit, in a tab that stays open too. */
const VISIT_MS = 30 * 60_000;

/**
 * Tells a visit from a page: what costs requests is compared once a visit. A tab begins one; moving through the site's
 * pages in it does not.
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
      // Storage is forbidden: every page is a visit.
    }
  }
}
