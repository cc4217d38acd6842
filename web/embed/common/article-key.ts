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

interface PageLike {
  querySelector(selector: string): { getAttribute(name: string): string | null; textContent: string | null } | null;
}

/** This page's address as its publisher states it: the canonical link, else origin and path. */
export function canonicalUrl(page: PageLike, href: string): string {
  const link = page.querySelector('link[rel~="canonical"]')?.getAttribute('href');
  const here = new URL(href);
  return withoutFragment(link ? new URL(link, here).href : here.origin + here.pathname);
}

/**
 * The story's own headline, without the paper's name. Not `document.title`: in a page with `<img name="title">` that is
 * the picture. Nor does the embed read `document.hidden`, `body` or `baseURI`.
 */
export function pageTitle(page: PageLike): string {
  const stated = page.querySelector('meta[property="og:title"]')?.getAttribute('content');
  const title = stated || page.querySelector('head > title')?.textContent || '';
  return title.trim().slice(0, 300);
}
