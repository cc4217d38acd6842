import type { Rule } from '../rule.js';

const MOST_LINKS = 5;

/** Advertising comes in lists of links. */
export const tooManyLinks: Rule = ({ body }) => {
  const links = body.match(/https?:\/\//gi)?.length ?? 0;
  if (links <= MOST_LINKS) return undefined;
  return { code: 'comment.too_many_links', detail: `Use at most ${MOST_LINKS} links; there are ${links}.` };
};
