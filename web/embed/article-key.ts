/** The part of an address that names an article: without its fragment. */
export function withoutFragment(href: string): string {
  const url = new URL(href);
  url.hash = '';
  return url.href;
}

/** The key of an article that has none of its publisher's: `u-` and 22 characters of the canonical URL's SHA-256. */
export async function derivedKey(canonicalUrl: string): Promise<string> {
  const bytes = new TextEncoder().encode(withoutFragment(canonicalUrl));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const base64 = btoa(String.fromCharCode(...digest));
  return `u-${base64.replaceAll('+', '-').replaceAll('/', '_').slice(0, 22)}`;
}
