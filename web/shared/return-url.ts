/** The page that the reader came from, or undefined if it is no web address: anything else must not become a link. */
export function safeReturn(returnTo: string | null | undefined): URL | undefined {
  if (!returnTo || !URL.canParse(returnTo)) return undefined;
  const url = new URL(returnTo);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
}
