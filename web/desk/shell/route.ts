/** Where the desk is: in the hash, so that the browser's back button leads from a case to its list. */
export interface Route {
  page: 'reported' | 'decisions' | 'alerts';
  /** The case in view, in the rooms of moderation. */
  commentId: string | null;
  /** The alert in view, in theirs. */
  alertId: string | null;
}

export function parseRoute(hash: string): Route {
  const [name, part] = hash.replace(/^#\/?/, '').split('/');
  let id: string | null = null;
  try {
    id = part ? decodeURIComponent(part) : null;
  } catch {
    // A mangled address opens the list.
  }
  if (name === 'alerts') return { page: 'alerts', commentId: null, alertId: id };
  return { page: name === 'decisions' ? 'decisions' : 'reported', commentId: id, alertId: null };
}

export function routeHash(page: Route['page'], id: string | null = null): string {
  return id ? `#${page}/${encodeURIComponent(id)}` : `#${page}`;
}
