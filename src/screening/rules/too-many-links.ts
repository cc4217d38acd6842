import type { Rule } from '../rule.js';
import { refuse, type Refusal } from '../screening-verdict.js';

const MOST_LINKS = 5;

/** Advertising comes in lists of links. */
export const tooManyLinks: Rule<Refusal> = ({ body }) => {
  const links = body.match(/https?:\/\//gi)?.length ?? 0;
  if (links <= MOST_LINKS) return undefined;
  return refuse({
    code: 'comment.too_many_links',
    reason: `The comment contains ${links} links. Use at most ${MOST_LINKS}.`,
  });
};
