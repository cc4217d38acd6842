/** Returns the page that the reader came from, or undefined unless it is a web address: nothing else may be a link. */
export function safeReturn(returnTo: string | null | undefined): URL | undefined {
  if (!returnTo || !URL.canParse(returnTo)) return undefined;
  const url = new URL(returnTo);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
}
