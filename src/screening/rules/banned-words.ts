import type { Rule } from '../rule.js';
import { refuse, type Refusal } from '../screening-verdict.js';
import { foldedBody } from '../words/folded-text.js';
import { matcherOf } from '../words/phrase-matcher.js';
import { bannedPhrases } from '../words.settings.js';

/**
 * The site publishes no text with a banned word. The author reads which one it is: an honest one can mend the text, and
 * one who tries out spellings would learn it anyway.
 */
export const bannedWords: Rule<Refusal> = (context) => {
  const list = context.setting(bannedPhrases);
  const found = list.length ? matcherOf(list).find(foldedBody(context)) : undefined;
  return (
    found &&
    refuse({
      code: 'comment.banned_words',
      reason: `The comment contains “${found.written}”, which is not published here. Write it in other words.`,
    })
  );
};
