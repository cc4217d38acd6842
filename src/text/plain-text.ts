import { graphemeSegments } from 'unicode-segmenter/grapheme';

/**
 * Cleaning of what people type (security G3 to G5). The caller caps the length first: normalisation is quadratic on
 * long runs of marks, and Intl.Segmenter in Node 20 is quadratic on everything.
 */

// C0 and C1 controls except newline and tab.
const CONTROLS = /(?![\n\t])\p{Cc}/gu;
// Bidirectional controls, which turn neighbouring text around; direction is the page's business (dir="auto").
const BIDI = /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/g;
// Invisible: word joiner and friends, BOM, soft hyphen, grapheme joiner, fillers, interlinear and variation tricks.
const INVISIBLE = /[\u2060-\u2064\u206A-\u206F\uFEFF\u00AD\u115F\u1160\u3164\uFFA0\uFFF9-\uFFFB\u180E]|\u034F/gu;
// Tag characters spell nothing but the flags of England, Scotland and Wales, after a black flag.
const TAGS = /(\u{1F3F4}[\u{E0020}-\u{E007E}]+\u{E007F})|[\u{E0000}-\u{E007F}]/gu;
const MARK_RUN = /(\p{M}{4})\p{M}+/gu;
const MEANING = /[\p{L}\p{N}\p{S}]/u;

/** Whether the text is well-formed UTF-16, without half a surrogate pair. */
export const isWellFormed = (text: string): boolean => text.isWellFormed();

/** Removes what cannot be seen or turns text around, keeps at most four marks in a run, composes (NFC). */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(CONTROLS, '')
    .replace(BIDI, '')
    .replace(INVISIBLE, '')
    .replace(TAGS, (_match, flag: string | undefined) => flag ?? '')
    .replace(MARK_RUN, '$1')
    .normalize('NFC');
}

/** Whether there is a letter, number or symbol: punctuation and fillers alone say nothing. */
export const saysSomething = (text: string): boolean =>
  MEANING.test(text.replace(/[\u115F\u1160\u3164\uFFA0\u2800]/g, ''));

/** What a reader counts as characters. */
export function countGraphemes(text: string): number {
  let count = 0;
  for (const _segment of graphemeSegments(text)) count += 1;
  return count;
}
