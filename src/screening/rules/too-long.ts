import { countGraphemes } from '../../text/plain-text.js';
import type { Rule } from '../rule.js';
import { longestComment, mostLines } from '../screening.settings.js';
import { refuse, type Refusal } from '../screening-verdict.js';

/** In Hindi or Thai, 5,000 characters take about 25,000 bytes. A request has at most 64 KiB. */
const MOST_BYTES = 49_152;

/** A text has at most as many characters, as a reader counts them, and lines as the newsroom allows, and 48 KiB. */
export const tooLong: Rule<Refusal> = ({ body, setting }) => {
  const lines = body.split('\n').length;
  const most = { lines: setting(mostLines), characters: setting(longestComment) };
  if (lines > most.lines)
    return tooLongBecause(`The comment has ${inWords(lines)} lines. It can have at most ${inWords(most.lines)}.`);
  if (Buffer.byteLength(body) > MOST_BYTES)
    return tooLongBecause('The comment is too long, because it has many characters of several parts. Shorten it.');
  const over = countGraphemes(body) - most.characters;
  if (over <= 0) return undefined;
  const excess = `${inWords(over)} ${over === 1 ? 'character' : 'characters'}`;
  return tooLongBecause(
    `The comment is ${excess} too long. It can have at most ${inWords(most.characters)} characters.`,
  );
};

const inWords = (count: number): string => count.toLocaleString('en');

const tooLongBecause = (reason: string): Refusal => refuse({ code: 'comment.too_long', reason });
