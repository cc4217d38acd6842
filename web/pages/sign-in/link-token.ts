/**
 * Takes the token of a mail's link out of the address bar at once, so that no history, bookmark or screenshot holds it.
 * Reading the token does not use it up; only the button's POST does.
 */
export function takeToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (location.hash) history.replaceState(null, '', location.pathname + location.search);
  return token || null;
}
