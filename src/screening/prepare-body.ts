import { cleanCharacters, hasOversizedGrapheme, isWellFormed } from '../text/plain-text.js';
import { CHARACTERS_CAP } from './screening.settings.js';
import { refuse, type Refusal } from './screening-verdict.js';

/** The most UTF-16 units that a text may have before it is read, because cleaning is linear only below a cap. */
export const MOST_UNITS = CHARACTERS_CAP * 4;

/**
 * Brings a text into the form in which it is stored. The order matters: length, broken characters, cleaning, oversized characters.
 * @param most how many characters a comment may have
 * @returns the text that the rules judge, or why there is none
 */
export function prepareBody(text: string, most: number): string | Refusal {
  if (text.length > MOST_UNITS)
    return refuse({
      code: 'comment.too_long',
      reason: `The comment is far too long. It can have at most ${most.toLocaleString('en')} characters.`,
    });
  if (!isWellFormed(text))
    return refuse({
      code: 'comment.malformed',
      reason: 'The text contains a broken character. Delete it and type it again.',
    });
  const clean = cleanCharacters(text, { keepsDirection: true });
  if (hasOversizedGrapheme(clean))
    return refuse({
      code: 'comment.malformed',
      reason: 'The text contains a character that is put together from too many parts. Delete it and type it again.',
    });
  const lines = clean
    .split('\n')
    .map((line) => line.trimEnd()) // a regular expression for this is quadratic on a long run of spaces
    .map((line) => line.replace(/[ \t\u00A0\u2000-\u200A\u3000]{41,}/g, ' '.repeat(40)));
  const body = lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\n+$/g, '');
  // The indent of the first line counts only beside other indents, as in a list or in code.
  return /\n[ \t]/.test(body) ? body : body.trimStart();
}
