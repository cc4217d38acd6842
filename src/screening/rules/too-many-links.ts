import type { Rule } from '../rule.js';
import { mostLinks } from '../screening.settings.js';
import { refuse, type Refusal } from '../screening-verdict.js';

/** Advertising comes in lists of links. */
export const tooManyLinks: Rule<Refusal> = ({ body, setting }) => {
  const links = body.match(/https?:\/\//gi)?.length ?? 0;
  const most = setting(mostLinks);
  if (links <= most) return undefined;
  return refuse({
    code: 'comment.too_many_links',
    reason:
      most === 0
        ? 'Comments cannot contain links here. Remove the link.'
        : `The comment contains ${links} links. Use at most ${most}.`,
  });
};
