import { saysSomething } from '../../text/plain-text.js';
import type { Rule } from '../rule.js';

/** A text with no letter, number or symbol says nothing. */
export const empty: Rule = ({ body }) =>
  saysSomething(body) ? undefined : { code: 'comment.empty', detail: 'Write something first.' };
