import { z } from 'zod';
import { id } from './comment.schema.js';
import { HELD_STATES } from './held-comment.js';

/** The author's own view of a text that waits for a moderator, or that one has rejected. */
export const HeldCommentView = z
  .strictObject({
    id,
    articleKey: z.string(),
    parentId: id.nullable(),
    body: z.string(),
    createdAt: z.iso.datetime(),
    state: z.enum(HELD_STATES),
    /** Complete sentences: why it waits. */
    reason: z.string(),
  })
  .meta({ id: 'HeldComment' });
