import { z } from 'zod';
import { cleanText, countGraphemes, isWellFormed, saysSomething } from '../../text/plain-text.js';

// The scripts that people write names in today (UAX 31, table 5). Those that mix are the highly restrictive level of
// UTS 39, section 5.2: Latin with the scripts of Japanese, of Bopomofo or of Korean.
const FAMILIES: readonly string[][] = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
  ['Han', 'Hiragana', 'Katakana', 'Bopomofo', 'Hangul'],
  ...`Cyrillic Greek Armenian Georgian Arabic Hebrew Thaana Ethiopic Devanagari Bengali Gujarati Gurmukhi Kannada
    Malayalam Oriya Sinhala Tamil Telugu Khmer Lao Myanmar Thai Tibetan`
    .split(/\s+/)
    .map((it) => [it]),
];
const LETTERS = /[^\p{L}]/gu;
const families = FAMILIES.map(
  (it) => new RegExp(`^[${it.map((one) => `\\p{Script_Extensions=${one}}`).join('')}]*$`, 'u'),
);

/** Tells whether all letters belong to scripts that are written together, so that none imitates one of another script. */
const isOfOneFamily = (name: string): boolean => {
  const letters = name.replace(LETTERS, '').replace(/\p{Script=Common}/gu, '');
  return families.some((it) => it.test(letters));
};

// Check marks look like the sign of a confirmed account.
const CHECK_MARKS = /[\u221A\u2611\u2705\u2713\u2714\u{10102}\u{1F5F8}\u{1F5F9}\u{1FBB1}]/u;
const MOST_CODE_POINTS = 100;

/** A display name: 1 to 32 characters of scripts that are written together, none of them invisible. */
export const DisplayName = z
  .string()
  .max(200)
  .refine(isWellFormed, 'The name contains a broken character. Delete it and type it again.')
  .transform((it) => cleanText(it).replaceAll('\u200B', '').normalize('NFKC').replace(/\s+/g, ' ').trim())
  .pipe(
    z
      .string()
      .min(1, 'Type a name.')
      .refine(
        (it) => countGraphemes(it) <= 32 && Array.from(it).length <= MOST_CODE_POINTS,
        'Use at most 32 characters.',
      )
      .refine((it) => /\p{L}/u.test(it) || countGraphemes(it) >= 2, 'Use a letter, or at least 2 characters.')
      .refine(
        (it) => saysSomething(it) && !/[@<>\uFFFD]|\p{M}{3}|https?:/u.test(it) && !CHECK_MARKS.test(it),
        'Use letters or digits, and neither links, check marks nor the characters @, < and >.',
      )
      .refine(isOfOneFamily, 'Use letters of one script.'),
  );
