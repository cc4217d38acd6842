import { it } from '@jest/globals';

const root = process.getuid?.() === 0;

/**
 * `it` for tests that need root. Other users' runs report them as skipped with the reason, or fail when skipping is
 * forbidden (.ci/run).
 */
export const itAsRoot: typeof it | typeof it.skip = root || process.env.FORBID_SKIPPED_TESTS ? it : it.skip;
