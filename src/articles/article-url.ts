import { createHash } from 'node:crypto';
import { z } from 'zod';

const MOST = 2_000; // an index takes no more than 2,704 bytes

/**
 * Returns the address in the one form that all equivalent ones share (RFC 3986, 6.2.2), without its fragment. `URL` has
 * already brought case and punycode of the host, the default port and dot segments into it; what is left is the
 * percent-encoding. `withoutFragment` of the embed (web/embed/common/article-key.ts) does the same.
 */
export function normalAddress(href: string): string {
  const url = new URL(href);
  url.hash = '';
  return url.href
    .replace(/%[0-9a-f]{2}/gi, (code) => {
      const character = String.fromCharCode(parseInt(code.slice(1), 16));
      return /[\w.~-]/.test(character) ? character : code.toUpperCase();
    })
    .replace(/["<>\\^`{|}]/g, encodeURIComponent);
}

/** A canonical URL: http(s), without credentials and fragment, at most 2,000 characters when percent-encoded. */
export const ArticleUrl = z
  .string()
  .max(MOST)
  .refine((it) => {
    if (!URL.canParse(it)) return false;
    const { protocol, username, password } = new URL(it);
    return /^https?:$/.test(protocol) && !username && !password;
  }, 'must be an http(s) address without a user name or password')
  .transform(normalAddress)
  .refine((it) => it.length <= MOST, `must be at most ${MOST} characters long, percent-encoded`);

/** The form of a publisher's key. The prefix `u-` is reserved for keys made from URLs. */
export const PUBLISHER_KEY = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$/;

/** Whether an article may have this key. */
export const isArticleKey = (key: string): boolean =>
  key.startsWith('u-') ? /^u-[\w-]{22}$/.test(key) : PUBLISHER_KEY.test(key);

/** The key of an article that is known by its URL alone: `u-` and 22 characters of base64url(sha256(url)). */
export const keyOfUrl = (url: string): string =>
  `u-${createHash('sha256').update(url).digest('base64url').slice(0, 22)}`;
