import type { Rule } from './rule.js';
import { bannedWords } from './rules/banned-words.js';
import { capitals } from './rules/capitals.js';
import { empty } from './rules/empty.js';
import { flood } from './rules/flood.js';
import { learned } from './rules/learned.js';
import { newcomerLinks } from './rules/newcomer-links.js';
import { preModerated } from './rules/pre-moderation.js';
import { afterRejections } from './rules/recent-rejections.js';
import { repeats } from './rules/repeats.js';
import { suspectWords } from './rules/suspect-words.js';
import { tooLong } from './rules/too-long.js';
import { tooManyLinks } from './rules/too-many-links.js';
import type { Hold, Refusal } from './screening-verdict.js';

/**
 * The list that judges every comment, from top to bottom. What its author can mend at once comes first, and before what
 * needs the database. Then follow the rules that hold. The first one gives the reason that author and moderator read, so
 * those that look at the text come before those that look at its author, and what holds everybody comes last.
 */
export const rules: readonly Rule<Hold | Refusal>[] = [
  empty,
  tooLong,
  tooManyLinks,
  bannedWords,
  newcomerLinks,
  capitals,
  suspectWords,
  repeats,
  afterRejections,
  flood,
  preModerated,
  learned,
];
