import { rectifyConfusion } from 'unicode-confusables';
import { z } from 'zod';
import { cleanText, countGraphemes, isWellFormed, saysSomething } from '../../text/plain-text.js';

const RESERVED = ['admin', 'administrator', 'moderator', 'editor', 'staff', 'support', 'rostra', 'system', 'newsroom'];

// The scripts that people write names in today (UAX 31, table 5). The East Asian scripts count as one, because names
// mix them.
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

/** Tells whether all letters belong to one script, so that no letter imitates one of another script. */
const isOfOneScript = (name: string): boolean => {
  const letters = name.replace(LETTERS, '').replace(/\p{Script=Common}/gu, '');
  return families.some((it) => it.test(letters));
};

/**
 * Returns the skeleton of a name (after UTS 39, section 4): two names with the same skeleton look alike. The table of the
 * package is old, but both sides of a comparison go through it. `1` and `l` become `i`, because they look like `I`.
 */
export function nameSkeleton(name: string): string {
  const folded = rectifyConfusion(name.normalize('NFKD').toLowerCase()).normalize('NFKD').toLowerCase();
  return folded.replace(/[^\p{L}\p{N}|]/gu, '').replace(/[l1|]/g, 'i');
}

/** Tells whether a name could pass for the site itself: "The Moderators", "Adm1n 2", or one that contains the site's name. */
export function isReservedName(name: string, siteName: string): boolean {
  const plain = name.replace(/^\s*the\s+/i, '').replace(/[\s\d]+$/, '');
  const skeletons = [name, plain].map(nameSkeleton);
  const site = nameSkeleton(siteName.replace(/^the\s+/i, ''));
  return (
    RESERVED.some((it) => skeletons.includes(nameSkeleton(it)) || skeletons.includes(nameSkeleton(`${it}s`))) ||
    skeletons.some((it) => (site.length < 6 ? it === site : it.includes(site)))
  );
}

/** A display name: 2 to 32 characters of one script, none of them invisible. */
export const DisplayName = z
  .string()
  .max(200)
  .refine(isWellFormed, 'The name contains a broken character. Delete it and type it again.')
  .transform((it) => cleanText(it).replaceAll('\u200B', '').normalize('NFKC').replace(/\s+/g, ' ').trim())
  .pipe(
    z
      .string()
      .refine((it) => countGraphemes(it) >= 2, 'Use at least 2 characters.')
      .refine((it) => countGraphemes(it) <= 32, 'Use at most 32 characters.')
      .refine(
        (it) => saysSomething(it) && !/[@<>]|\p{M}{3}|https?:/u.test(it),
        'Use letters or digits, and neither links nor the characters @, < and >.',
      )
      .refine(isOfOneScript, 'Use letters of one script.'),
  );
