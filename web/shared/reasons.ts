import type { Reason } from './contract.js';

/** The reasons of reports and removals, in the order in which forms offer them. */
export const REASONS = ['abuse', 'spam', 'off-topic', 'other'] as const satisfies readonly Reason[];
