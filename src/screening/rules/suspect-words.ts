import type { Rule } from '../rule.js';
import { hold, type Hold } from '../screening-verdict.js';
import { foldedBody } from '../words/folded-text.js';
import { matcherOf } from '../words/phrase-matcher.js';
import { suspectPhrases } from '../words.settings.js';
import { unlessStaff } from './unless-staff.js';

/** Words that are often, but not always, abuse. Author and moderator read which word it is. */
export const suspectWords: Rule<Hold> = (context) => {
  const list = context.setting(suspectPhrases);
  const found = list.length ? matcherOf(list).find(foldedBody(context)) : undefined;
  return (
    found &&
    unlessStaff(
      context,
      hold({
        code: 'held.suspect_words',
        reason: `The comment contains “${found.written}”. A moderator reads it before it is public.`,
      }),
    )
  );
};
