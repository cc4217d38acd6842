import type { Sort } from './thread-store.js';

const NAME = 'rostra.order';

export const SORTS: readonly Sort[] = ['newest', 'oldest', 'top', 'replies', 'reactions'];

/** Returns the order that the reader chose on this site, else the newest first. */
export function chosenOrder(): Sort {
  try {
    return SORTS.find((it) => it === localStorage.getItem(NAME)) ?? 'newest';
  } catch {
    return 'newest'; // The browser forbids storage.
  }
}

export function rememberOrder(order: Sort): void {
  try {
    localStorage.setItem(NAME, order);
  } catch {
    // The order holds for this page only.
  }
}
