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
  querySelector(
    selector: string,
  ): { getAttribute(name: string): string | null; textContent: string | null; baseURI?: string } | null;
}

/**
 * Returns this page's address as its publisher states it: the canonical link, else origin and path. A link of the same
 * host with another scheme or port, as behind a proxy that ends TLS, stands for the same page at the page's own origin,
 * because a page can speak for no other.
 */
export function canonicalUrl(page: PageLike, href: string): string {
  const link = page.querySelector('link[rel~="canonical"]');
  const stated = link?.getAttribute('href');
  const here = new URL(href);
  try {
    if (!stated) throw new TypeError();
    const url = new URL(stated, link?.baseURI ?? here);
    return withoutFragment(url.hostname === here.hostname ? here.origin + url.pathname + url.search : url.href);
  } catch {
    return here.origin + here.pathname; // There is no link that can be read.
  }
}

/** The article as an element's attributes name it: by the publisher's key, by its address, or not at all. */
export interface ArticleName {
  article?: string | undefined;
  url?: string | undefined;
  /** The element's own, which is the page's `<base>`. */
  baseURI?: string;
}

/** Returns the address of the article that the attributes name, or else of the story that the page shows now. */
export const articleUrl = ({ url, baseURI = location.href }: ArticleName): string =>
  url ? withoutFragment(new URL(url, baseURI).href) : canonicalUrl(document, location.href);

/** The address that the page had when it first showed each key. */
const addresses = new Map<string, string>();

/**
 * Returns the address under which Rostra may know the article, or undefined if it is that of another one: a page that
 * changes the key of an element may still have the address of the story before.
 */
export function addressOf(name: ArticleName): string | undefined {
  const url = articleUrl(name);
  if (!name.article || name.url) return url;
  const first = addresses.get(name.article);
  if (first ?? [...addresses.values()].includes(url)) return first;
  addresses.set(name.article, url);
  return url;
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
