/** The kinds of characters, as bits. */
export const SPACE = 1;
export const SIGN = 2;
export const LATIN = 4;
export const LOOKALIKE_SCRIPT = 8;
const WORD = 16;
const KNOWN = 32;

/** Whether a character of this kind belongs to a word. */
export const isWord = (kind: number): boolean => (kind & WORD) !== 0;

// What was found out of each UTF-16 code unit, because regular expressions for each word would take four times as long.
const kinds = new Uint8Array(65_536);
const plain = new Uint16Array(65_536);

// Letters of other scripts that look like Latin ones. unicode-confusables also makes "rn" of every m.
const LOOKALIKES = new Map(
  Array.from('аеорсухіјѕкмтнвԁοανικρτ', (it, n) => [it.charCodeAt(0), 'aeopcyxijskmthbdoavikpt'.charCodeAt(n)]),
);

/** Returns the kind of a code unit. Half of a pair, as in emoji, counts as a sign. */
export function kindOf(code: number): number {
  const known = kinds[code]!;
  return known || learn(code);
}

/** Returns a character without case and accents, or 0 for a mark. `kindOf` was asked before. */
export const plainOf = (code: number): number => plain[code]!;

/** Returns the Latin letter that looks the same. */
export const latinOf = (code: number): number => LOOKALIKES.get(code) ?? code;

function learn(code: number): number {
  const character = String.fromCharCode(code);
  const kind = /\s/.test(character)
    ? SPACE
    : !/[\p{L}\p{M}\p{N}]/u.test(character)
      ? SIGN
      : /\p{Script=Latin}/u.test(character)
        ? WORD | LATIN
        : /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(character)
          ? WORD | LOOKALIKE_SCRIPT
          : WORD;
  // A syllable that falls apart into several letters stays whole.
  const parts = character
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '');
  const lower = character.toLowerCase();
  plain[code] = parts.length > 1 ? (lower.length === 1 ? lower.charCodeAt(0) : code) : parts ? parts.charCodeAt(0) : 0;
  return (kinds[code] = kind | KNOWN);
}
