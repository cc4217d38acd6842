import type { Rule } from './rule.js';
import { bannedWords } from './rules/banned-words.js';
import { empty } from './rules/empty.js';
import { newcomerLinks } from './rules/newcomer-links.js';
import { preModerated } from './rules/pre-moderation.js';
import { tooLong } from './rules/too-long.js';
import { tooManyLinks } from './rules/too-many-links.js';
import type { Hold, Refusal } from './screening-verdict.js';

/**
 * The list that judges every comment, from top to bottom: first what its author can mend at once, then what a moderator
 * has to read.
 */
export const rules: readonly Rule<Hold | Refusal>[] = [
  empty,
  tooLong,
  tooManyLinks,
  bannedWords,
  newcomerLinks,
  preModerated,
];
