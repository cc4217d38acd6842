import { z } from 'zod';
import { HELD_STATES } from '../comments/model/held-comment.js';
import { Problem } from '../http/problem.js';
import { DeskAuthor, Decision, note, PlainComment, reason, Story } from './moderation.schema.js';

export const NewHeldDecision = z
  .discriminatedUnion('action', [
    z.strictObject({ action: z.literal('approve'), note }),
    z.strictObject({ action: z.literal('reject'), reason, note }),
  ])
  .meta({ id: 'NewHeldDecision' });

export const HeldCaseView = z
  .strictObject({
    id: z.string(),
    /** Empty when the text is erased, or stands in its comment. */
    body: z.string(),
    /** The code of the rule that held it, and its words to the author. */
    rule: z.string(),
    why: z.string(),
    createdAt: z.iso.datetime(),
    state: z.enum(HELD_STATES),
    /** The comment that it became. */
    commentId: z.string().nullable(),
    article: Story,
    /** The comments above it, down to the one that it answers. */
    ancestors: z.array(PlainComment),
    author: DeskAuthor,
    decision: Decision.nullable(),
  })
  .meta({ id: 'HeldCase' });
export const HeldQueueView = z
  .strictObject({ items: z.array(HeldCaseView), next: z.string().nullable(), total: z.int() })
  .meta({ id: 'HeldQueue' });
/** The 409 of a decision on a text on which somebody has decided. */
export const HeldConflict = Problem.extend({ case: HeldCaseView.optional() }).meta({ id: 'HeldConflict' });
