import { saysSomething } from '../../text/plain-text.js';
import type { Rule } from '../rule.js';
import { refuse, type Refusal } from '../screening-verdict.js';

/** A text must contain a letter, a number or a symbol. */
export const empty: Rule<Refusal> = ({ body }) =>
  saysSomething(body)
    ? undefined
    : refuse({ code: 'comment.empty', reason: 'The comment has no text. Type your comment and send it again.' });
