/** Where the desk is: in the hash, so that the browser's back button leads from a case to its list. */
export interface Route {
  page: 'reported' | 'decisions';
  commentId: string | null;
}

export function parseRoute(hash: string): Route {
  const [page, id] = hash.replace(/^#\/?/, '').split('/');
  let commentId: string | null = null;
  try {
    commentId = id ? decodeURIComponent(id) : null;
  } catch {
    // A mangled address opens the list.
  }
  return { page: page === 'decisions' ? 'decisions' : 'reported', commentId };
}

export function routeHash(page: Route['page'], commentId: string | null = null): string {
  return commentId ? `#${page}/${encodeURIComponent(commentId)}` : `#${page}`;
}
