/**
 * The order of siblings: those ahead of the pages, the pages read so far, and those that came after. `pending` ones are
 * known but hidden until the reader asks for them, so that nothing jumps.
 */
export interface SiblingList {
  lead: string[];
  page: string[];
  tail: string[];
  pending: string[];
  /** True when there are more pages to read, after the cursor `after` (null: from the start). */
  more: boolean;
  after: string | null;
}

export const newList = (more = false): SiblingList => ({
  lead: [],
  page: [],
  tail: [],
  pending: [],
  more,
  after: null,
});

/** Returns the ids on the page in order; `tail` stands after the button for more. */
export const shown = (list: SiblingList): string[] => [...list.lead, ...list.page, ...list.tail];

export const all = (list: SiblingList): string[] => [...shown(list), ...list.pending];

const without = (ids: string[], gone: ReadonlySet<string>) => ids.filter((id) => !gone.has(id));

/** Removes ids from all parts of the list. */
export function dropFrom(list: SiblingList, ids: Iterable<string>): void {
  const gone = new Set(ids);
  list.lead = without(list.lead, gone);
  list.page = without(list.page, gone);
  list.tail = without(list.tail, gone);
  list.pending = without(list.pending, gone);
}

/** Adds a page that was read. Ids that stand ahead stay there; pending and later ones move into the page. */
export function addPage(list: SiblingList, ids: string[], next: string | null): void {
  const ahead = new Set([...list.lead, ...list.page]);
  const fresh = ids.filter((id) => !ahead.has(id));
  const placed = new Set(fresh);
  list.tail = without(list.tail, placed);
  list.pending = without(list.pending, placed);
  list.page = [...list.page, ...fresh];
  list.more = next !== null;
  list.after = next;
}
