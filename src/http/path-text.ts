import { z } from 'zod';

/**
 * Schema of an id or key in a path. A malformed one gets the answer "not found". Postgres cannot store a NUL, so a key
 * with one becomes the empty key, which no row has.
 */
export const PathText = z.string().transform((it) => (it.includes('\0') ? '' : it));
