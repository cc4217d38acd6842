import type { Rule } from './rule.js';
import { empty } from './rules/empty.js';
import { tooLong } from './rules/too-long.js';
import { tooManyLinks } from './rules/too-many-links.js';

/** The list: every text is judged by these, from top to bottom. */
export const rules: readonly Rule[] = [empty, tooLong, tooManyLinks];
