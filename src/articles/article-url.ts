import { createHash } from 'node:crypto';
import { z } from 'zod';

const MOST = 2_000; // an index takes no more than 2,704 bytes

/** A canonical URL: http(s), without credentials and fragment, at most 2,000 characters when percent-encoded. */
export const ArticleUrl = z
  .string()
  .max(MOST)
  .refine((it) => {
    if (!URL.canParse(it)) return false;
    const { protocol, username, password } = new URL(it);
    return /^https?:$/.test(protocol) && !username && !password;
  }, 'must be an http(s) address without a user name or password')
  .transform((it) => {
    const url = new URL(it);
    url.hash = '';
    return url.href;
  })
  .refine((it) => it.length <= MOST, `must be at most ${MOST} characters long, percent-encoded`);

/** The key of an article that is known by its URL alone: `u-` and 22 characters of base64url(sha256(url)). */
export const keyOfUrl = (url: string): string =>
  `u-${createHash('sha256').update(url).digest('base64url').slice(0, 22)}`;
