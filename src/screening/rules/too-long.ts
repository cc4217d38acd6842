import { countGraphemes } from '../../text/plain-text.js';
import type { Rule } from '../rule.js';

export const MOST_CHARACTERS = 5_000;

export const tooLong: Rule = ({ body }) => {
  const count = countGraphemes(body);
  if (count <= MOST_CHARACTERS) return undefined;
  return {
    code: 'comment.too_long',
    detail: `This is ${count - MOST_CHARACTERS} characters too long; the most is ${MOST_CHARACTERS.toLocaleString('en')}.`,
  };
};
