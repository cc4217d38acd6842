import { createHash } from 'node:crypto';
import { z } from 'zod';

/** A canonical URL: http(s), no credentials, without fragment. */
export const ArticleUrl = z
  .string()
  .max(2_000)
  .refine((it) => {
    if (!URL.canParse(it)) return false;
    const { protocol, username, password } = new URL(it);
    return /^https?:$/.test(protocol) && !username && !password;
  }, 'must be an http(s) address')
  .transform((it) => {
    const url = new URL(it);
    url.hash = '';
    return url.href;
  });

/** The key of an article that is known by its URL alone: `u-` and 22 characters of base64url(sha256(url)). */
export const keyOfUrl = (url: string): string =>
  `u-${createHash('sha256').update(url).digest('base64url').slice(0, 22)}`;
