import { rectifyConfusion } from 'unicode-confusables';
import { z } from 'zod';
import { cleanText, countGraphemes, isWellFormed, saysSomething } from '../../text/plain-text.js';

const RESERVED = ['admin', 'administrator', 'moderator', 'editor', 'staff', 'support', 'rostra', 'system', 'newsroom'];

// The scripts that people write names in today (UAX 31, table 5); the East Asian ones go together, as they do in use.
const FAMILIES: readonly string[][] = [
  ['Han', 'Hiragana', 'Katakana', 'Bopomofo', 'Hangul'],
  ...`Latin Cyrillic Greek Armenian Georgian Arabic Hebrew Thaana Ethiopic Devanagari Bengali Gujarati Gurmukhi Kannada
    Malayalam Oriya Sinhala Tamil Telugu Khmer Lao Myanmar Thai Tibetan`
    .split(/\s+/)
    .map((it) => [it]),
];
const LETTERS = /[^\p{L}]/gu;
const families = FAMILIES.map(
  (it) => new RegExp(`^[${it.map((one) => `\\p{Script_Extensions=${one}}`).join('')}]*$`, 'u'),
);

/** Whether all letters are of one script, so that none poses as another's. */
const isOfOneScript = (name: string): boolean => {
  const letters = name.replace(LETTERS, '').replace(/\p{Script=Common}/gu, '');
  return families.some((it) => it.test(letters));
};

/**
 * Two names with the same skeleton look alike (after UTS 39, section 4): compared against staff and reserved names.
 * The package's table is old but maps both sides alike, which is what counts. A one and a small L count as an i, since
 * a capital I is their double.
 */
export function nameSkeleton(name: string): string {
  const folded = rectifyConfusion(name.normalize('NFKD').toLowerCase()).normalize('NFKD').toLowerCase();
  return folded.replace(/[^\p{L}\p{N}|]/gu, '').replace(/[l1|]/g, 'i');
}

/** Whether the name poses as the house itself: "The Moderators", "Adm1n 2", or the site's name within another. */
export function isReservedName(name: string, siteName: string): boolean {
  const plain = name.replace(/^\s*the\s+/i, '').replace(/[\s\d]+$/, '');
  const skeletons = [name, plain].map(nameSkeleton);
  const site = nameSkeleton(siteName.replace(/^the\s+/i, ''));
  return (
    RESERVED.some((it) => skeletons.includes(nameSkeleton(it)) || skeletons.includes(nameSkeleton(`${it}s`))) ||
    skeletons.some((it) => (site.length < 6 ? it === site : it.includes(site)))
  );
}

/** A display name: 2 to 32 characters, one script, nothing invisible. */
export const DisplayName = z
  .string()
  .max(200)
  .refine(isWellFormed, 'The name has half a character in it.')
  .transform((it) => cleanText(it).replaceAll('\u200B', '').normalize('NFKC').replace(/\s+/g, ' ').trim())
  .pipe(
    z
      .string()
      .refine((it) => countGraphemes(it) >= 2, 'Use at least 2 characters.')
      .refine((it) => countGraphemes(it) <= 32, 'Use at most 32 characters.')
      .refine((it) => saysSomething(it) && !/[@<>]|\p{M}{3}|https?:/u.test(it), 'Use letters and digits.')
      .refine(isOfOneScript, 'Use letters of one script.'),
  );
