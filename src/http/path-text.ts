import { z } from 'zod';

/**
 * An id or key in a path. They are opaque: whatever cannot be one is simply not found. Postgres has no text with a NUL
 * in it, so such a key is the empty one, which nothing has.
 */
export const PathText = z.string().transform((it) => (it.includes('\0') ? '' : it));
