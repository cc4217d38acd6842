import type { Rule } from './rule.js';
import { bannedWords } from './rules/banned-words.js';
import { empty } from './rules/empty.js';
import { newcomerLinks } from './rules/newcomer-links.js';
import { tooLong } from './rules/too-long.js';
import { tooManyLinks } from './rules/too-many-links.js';
import type { Refusal } from './screening-verdict.js';

/**
 * The list that judges every comment, from top to bottom. None of the rules can hold a comment: a list that can is of
 * another type, which compiles only when posting and editing say what becomes of a held comment.
 */
export const rules: readonly Rule<Refusal>[] = [empty, tooLong, tooManyLinks, bannedWords, newcomerLinks];
