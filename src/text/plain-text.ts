import { graphemeSegments } from 'unicode-segmenter/grapheme';

/**
 * Cleans text that people type. The caller limits the length first, because normalisation is quadratic on long runs of
 * marks and Intl.Segmenter in Node 20 is quadratic on every text.
 */

// C0 and C1 controls except newline and tab.
const CONTROLS = /(?![\n\t])\p{Cc}/gu;
// Bidirectional controls turn neighbouring text around. The page sets the direction itself (dir="auto").
const BIDI = /[\u202A-\u202E\u2066-\u2069]/g;
// Marks of direction are weak: they turn only neighbours that have no direction. A row of them could carry a message.
const DIRECTION_MARKS = /([\u200E\u200F\u061C])[\u200E\u200F\u061C]*/g;
// Invisible characters: word joiner and the like, BOM, soft hyphen, grapheme joiner, fillers, interlinear marks, musical
// controls.
const INVISIBLE =
  /[\u2060-\u2064\u206A-\u206F\uFEFF\u00AD\u115F\u1160\u3164\uFFA0\uFFF9-\uFFFB\u180E\u{1D173}-\u{1D17A}]|\u034F/gu;
// Tag characters are kept only in flags such as England's: after a black flag, six at most, so that they carry no message.
const TAGS = /(\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{3,6}\u{E007F})|[\u{E0000}-\u{E007F}]/gu;
// A variation selector chooses the form of the character before it. One is kept after characters that have several forms:
// symbols and emoji, ideographs, a few scripts. The others go, because 256 invisible selectors could spell a message.
const VARIANTS =
  /([\p{Emoji}\p{S}\p{P}\p{Script=Myanmar}\p{Script=Phags_Pa}][\uFE00-\uFE0F]|\p{Script=Han}[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]|\p{Script=Mongolian}[\u180B-\u180D\u180F])|[\uFE00-\uFE0F\u180B-\u180D\u180F\u{E0100}-\u{E01EF}]/gu;
// No script uses more than three joiners in a row (Unicode 16, 9.2).
const JOINER_RUN = /([\u200C\u200D]{3})[\u200C\u200D]+/g;
// Joiners between marks do not split a run of marks.
const MARK_RUN = /(\p{M}(?:[\u200C\u200D]{0,3}\p{M}){3})(?:[\u200C\u200D]{0,3}\p{M})+/gu;
const MEANING = /[\p{L}\p{N}\p{S}]/u;
const VISIBLE = /[\p{L}\p{N}\p{S}\p{P}]/u;
// Letters and symbols that show nothing: fillers, the Braille blank, a null notehead, a placeholder.
const BLANK = /[\u115F\u1160\u3164\uFFA0\u2800\uFFFC\u{1D159}]/gu;

// The longest that people type are families of emoji with eleven code points and Tibetan stacks with nine. Without a bound
// a whole text could be one grapheme, which no line break divides.
const MOST_CODE_POINTS = 16;
const BEYOND_LATIN = /[\u0300-\u{10FFFF}]/u;

/** Whether the text is well-formed UTF-16, without a lone surrogate. */
export const isWellFormed = (text: string): boolean => text.isWellFormed();

/**
 * Cleans the characters of a text, and replaces each grapheme of more than 16 code points by U+FFFD, which joins no
 * neighbour.
 */
export function cleanText(text: string): string {
  const clean = cleanCharacters(text);
  if (!hasOversizedGrapheme(clean)) return clean;
  return Array.from(graphemeSegments(clean), ({ segment }) => (isOversized(segment) ? '\uFFFD' : segment)).join('');
}

const isOversized = (grapheme: string): boolean =>
  grapheme.length > MOST_CODE_POINTS && Array.from(grapheme).length > MOST_CODE_POINTS;

/** Tells whether a grapheme has more than 16 code points. */
export function hasOversizedGrapheme(text: string): boolean {
  if (text.length <= MOST_CODE_POINTS || !BEYOND_LATIN.test(text)) return false;
  for (const { segment } of graphemeSegments(text)) if (isOversized(segment)) return true;
  return false;
}

/**
 * Removes characters that are invisible or turn text around, keeps at most four marks in a run, and composes (NFC).
 * @param options.keepsDirection keeps marks of direction, which writers of Hebrew and Arabic type, one at a time
 */
export function cleanCharacters(text: string, { keepsDirection = false } = {}): string {
  return text
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(CONTROLS, '')
    .replace(BIDI, '')
    .replace(INVISIBLE, '')
    .replace(TAGS, (_match, flag: string | undefined) => flag ?? '')
    .replace(VARIANTS, '$1')
    .replace(DIRECTION_MARKS, keepsDirection ? '$1' : '')
    .replace(JOINER_RUN, '$1')
    .replace(MARK_RUN, '$1')
    .normalize('NFC')
    .replace(VARIANTS, '$1') // normalisation may split a symbol, and its last part has no forms
    .replace(MARK_RUN, '$1'); // normalisation turns a few marks into two
}

/** Whether the text has a letter, number or symbol; punctuation and fillers alone say nothing. */
export const saysSomething = (text: string): boolean => MEANING.test(text.replace(BLANK, ''));

/** Whether the text shows anything at all. "?" and "!!!" are answers, too. */
export const isVisible = (text: string): boolean => VISIBLE.test(text.replace(BLANK, ''));

/** Counts characters as a reader does (graphemes). */
export function countGraphemes(text: string): number {
  let count = 0;
  for (const _segment of graphemeSegments(text)) count += 1;
  return count;
}
