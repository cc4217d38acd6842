/**
 * Returns Rostra's address, taken from the address of this script, so that a publisher states it once, in the script
 * tag. Built files lie at the base or one folder below it. A path prefix, as of a reverse proxy on the publisher's own
 * site, is kept.
 */
export function baseOf(scriptUrl: string): string {
  const url = new URL(scriptUrl);
  return url.origin + url.pathname.replace(/(?:(?:chunks|assets)\/)?[^/]*$/, '');
}

export const base = baseOf(import.meta.url);
