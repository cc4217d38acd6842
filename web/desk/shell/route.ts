/** The place on the desk. It is kept in the hash, so that the browser's back button leads from an entry to its list. */
export interface Route {
  /** The name of a page. */
  page: string;
  /** The open entry of that page. */
  id: string | null;
}

/** Reads `#<page>/<id>`. An unknown page becomes the first of `pages`. */
export function parseRoute(hash: string, pages: readonly string[]): Route {
  const [name = '', part] = hash.replace(/^#\/?/, '').split('/');
  let id: string | null = null;
  try {
    id = part ? decodeURIComponent(part) : null;
  } catch {
    // A broken address opens the list.
  }
  return { page: pages.includes(name) ? name : (pages[0] ?? ''), id };
}

export function routeHash(page: string, id: string | null = null): string {
  return id ? `#${page}/${encodeURIComponent(id)}` : `#${page}`;
}
