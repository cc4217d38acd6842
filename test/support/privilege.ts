import { it } from '@jest/globals';

const root = process.getuid?.() === 0;

/**
 * `it` for what only root can try out. Anyone else's run reports it as skipped, saying why; where skipping is
 * forbidden (.ci/run), it fails.
 */
export const itAsRoot: typeof it | typeof it.skip = root || process.env.FORBID_SKIPPED_TESTS ? it : it.skip;
