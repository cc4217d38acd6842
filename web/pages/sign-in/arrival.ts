/**
 * The token of a mail's link, taken out of the address bar at once: it stays in this page's memory and in no history,
 * bookmark or screenshot. Reading it uses nothing up; only the button's POST does.
 */
export function takeToken(location: Location = window.location): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (location.hash) history.replaceState(null, '', location.pathname + location.search);
  return token || null;
}

/** Where the reader came from, if that is a web address: anything else must not become a link. */
export function safeReturn(returnTo: string | null | undefined): URL | undefined {
  if (!returnTo || !URL.canParse(returnTo)) return undefined;
  const url = new URL(returnTo);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
}
