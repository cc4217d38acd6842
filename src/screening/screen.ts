import { DomainError } from '../errors/domain-error.js';
import { cleanText, isWellFormed } from '../text/plain-text.js';
import { rules } from './rules.js';
import { MOST_CHARACTERS } from './rules/too-long.js';

/** UTF-16 units that a text may have at all, before anything looks at it: what follows is linear only below a cap. */
export const MOST_UNITS = MOST_CHARACTERS * 4;

/**
 * Cleans a text and judges it. The order matters: length, half characters, cleaning, rules.
 * @returns the text to store
 * @throws DomainError of the first rule that refuses (422)
 */
export function screen(text: string): string {
  if (text.length > MOST_UNITS) throw refuse('comment.too_long', 'This is far too long.');
  if (!isWellFormed(text)) throw refuse('comment.malformed', 'There is half a character in the text.');
  const body = cleanText(text)
    .split('\n')
    .map((line) => line.trimEnd()) // a regular expression for this is quadratic on a long run of spaces
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  for (const rule of rules) {
    const refusal = rule({ body });
    if (refusal) throw refuse(refusal.code, refusal.detail);
  }
  return body;
}

const refuse = (code: string, detail: string): DomainError =>
  new DomainError(code, 'unprocessable', { detail, errors: [{ path: 'body', message: detail }] });
