import { countGraphemes } from '../../text/plain-text.js';
import type { Rule } from '../rule.js';
import { refuse, type Refusal } from '../screening-verdict.js';

export const MOST_CHARACTERS = 5_000;
/** In Hindi or Thai, 5,000 characters take about 25,000 bytes. */
const MOST_BYTES = 32_768;
const MOST_LINES = 300;

/** A text has at most 5,000 characters, as a reader counts them, 32 KiB and 300 lines. */
export const tooLong: Rule<Refusal> = ({ body }) => {
  const lines = body.split('\n').length;
  if (lines > MOST_LINES)
    return tooLongBecause(`The comment has ${lines.toLocaleString('en')} lines. It can have at most ${MOST_LINES}.`);
  if (Buffer.byteLength(body) > MOST_BYTES)
    return tooLongBecause('The comment is too long, because it has many characters of several parts. Shorten it.');
  const over = countGraphemes(body) - MOST_CHARACTERS;
  if (over <= 0) return undefined;
  const excess = `${over.toLocaleString('en')} ${over === 1 ? 'character' : 'characters'}`;
  const most = MOST_CHARACTERS.toLocaleString('en');
  return tooLongBecause(`The comment is ${excess} too long. It can have at most ${most} characters.`);
};

const tooLongBecause = (reason: string): Refusal => refuse({ code: 'comment.too_long', reason });
