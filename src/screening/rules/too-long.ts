import { countGraphemes } from '../../text/plain-text.js';
import type { Rule } from '../rule.js';
import { refuse, type Refusal } from '../screening-verdict.js';

export const MOST_CHARACTERS = 5_000;

/** A text has at most 5,000 characters, as a reader counts them. */
export const tooLong: Rule<Refusal> = ({ body }) => {
  const over = countGraphemes(body) - MOST_CHARACTERS;
  if (over <= 0) return undefined;
  const excess = `${over.toLocaleString('en')} ${over === 1 ? 'character' : 'characters'}`;
  const most = MOST_CHARACTERS.toLocaleString('en');
  return refuse({
    code: 'comment.too_long',
    reason: `The comment is ${excess} too long. It can have at most ${most} characters.`,
  });
};
