import { isVisible } from '../../text/plain-text.js';
import type { Rule } from '../rule.js';
import { refuse, type Refusal } from '../screening-verdict.js';

/** A text must contain something that can be seen. */
export const empty: Rule<Refusal> = ({ body }) =>
  isVisible(body)
    ? undefined
    : refuse({ code: 'comment.empty', reason: 'The comment has no text. Type your comment and send it again.' });
