/**
 * Returns an address without its fragment, which names no article, in the one form that all equivalent ones share.
 * `normalAddress` of the server (src/articles/article-url.ts) does the same and says why.
 */
export function withoutFragment(href: string): string {
  const url = new URL(href);
  url.hash = '';
  return url.href
    .replace(/%[0-9a-f]{2}/gi, (code) => {
      const character = String.fromCharCode(parseInt(code.slice(1), 16));
      return /[\w.~-]/.test(character) ? character : code.toUpperCase();
    })
    .replace(/["<>\\^`{|}]/g, encodeURIComponent);
}

/**
 * Returns the key of an article without a publisher's key: `u-` and 22 characters of the SHA-256 of its canonical URL.
 */
export async function derivedKey(canonicalUrl: string): Promise<string> {
  const bytes = new TextEncoder().encode(withoutFragment(canonicalUrl));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const base64 = btoa(String.fromCharCode(...digest));
  return `u-${base64.replaceAll('+', '-').replaceAll('/', '_').slice(0, 22)}`;
}

interface PageLike {
  querySelector(selector: string): { getAttribute(name: string): string | null; textContent: string | null } | null;
}

/** Returns this page's address as its publisher states it: the canonical link, else origin and path. */
export function canonicalUrl(page: PageLike, href: string): string {
  const link = page.querySelector('link[rel~="canonical"]')?.getAttribute('href');
  const here = new URL(href);
  return withoutFragment(link ? new URL(link, here).href : here.origin + here.pathname);
}

/**
 * Returns the story's headline without the name of the paper. It does not read `document.title`, because in a page with
 * `<img name="title">` that is the picture. For the same reason the embed never reads `document.hidden`, `body` or
 * `baseURI`.
 */
export function pageTitle(page: PageLike): string {
  const stated = page.querySelector('meta[property="og:title"]')?.getAttribute('content');
  const title = stated || page.querySelector('head > title')?.textContent || '';
  return title.trim().slice(0, 300);
}
