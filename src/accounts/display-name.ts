import { rectifyConfusion } from 'unicode-confusables';
import { z } from 'zod';
import { cleanText, countGraphemes, isWellFormed, saysSomething } from '../text/plain-text.js';

const RESERVED = ['admin', 'administrator', 'moderator', 'editor', 'staff', 'support', 'rostra', 'system', 'newsroom'];
const SCRIPTS = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Arabic',
  'Hebrew',
  'Devanagari',
  'Thai',
  'Hangul',
  'Armenian',
  'Georgian',
];
const scriptTests = SCRIPTS.map((it) => new RegExp(`\\p{Script=${it}}`, 'u'));

/**
 * Two names with the same skeleton look alike (after UTS 39, section 4): compared against staff and reserved names.
 * The package's table is old but maps both sides alike, which is what counts.
 */
export function nameSkeleton(name: string): string {
  const folded = rectifyConfusion(name.normalize('NFKD').toLowerCase()).normalize('NFKD').toLowerCase();
  return folded.replace(/[^\p{L}\p{N}]/gu, '');
}

/** Whether the name poses as the house itself. */
export const isReservedName = (name: string, siteName: string): boolean =>
  [...RESERVED, siteName].some((it) => nameSkeleton(it) === nameSkeleton(name));

/** A display name: 2 to 32 characters, one script, nothing invisible (security G8). */
export const DisplayName = z
  .string()
  .max(200)
  .refine(isWellFormed, 'The name has half a character in it.')
  .transform((it) => cleanText(it).normalize('NFKC').replace(/\s+/g, ' ').trim())
  .pipe(
    z
      .string()
      .refine((it) => countGraphemes(it) >= 2, 'Use at least 2 characters.')
      .refine((it) => countGraphemes(it) <= 32, 'Use at most 32 characters.')
      .refine((it) => saysSomething(it) && !/[@<>]|\p{M}{3}|https?:/u.test(it), 'Use letters and digits.')
      .refine((it) => scriptTests.filter((test) => test.test(it)).length <= 1, 'Use letters of one script.'),
  );
