import { z } from 'zod';
import { REASON_ID } from '../comments/model/reasons.settings.js';
import { COMMENT_STATES } from '../comments/model/visibility.js';
import { Problem } from '../http/problem.js';
import { shortText } from '../text/short-text.js';

const ACTIONS = ['remove', 'restore', 'keep'] as const;
/** All actions of the log: those on comments, and those on texts that wait. */
const LOGGED = [...ACTIONS, 'approve', 'reject'] as const;

export const note = shortText(1_000).nullish();
/** The id of a reason. The services compare it with the setting of the comment's site. */
export const reason = z.string().regex(REASON_ID, 'must be the id of a reason');
export const NewReport = z.strictObject({ reason, note }).meta({ id: 'NewReport' });
export const NewDecision = z
  .strictObject({
    action: z.enum(ACTIONS),
    reason,
    note,
    /** The revision that the moderator read. Any other is refused, so nobody decides on a text they have not seen. */
    revision: z.int().min(1).optional(),
  })
  .meta({ id: 'NewDecision' });

const limit = z
  .string()
  .regex(/^\d{1,3}$/, 'must be a whole number from 1 to 100')
  .transform(Number)
  .pipe(z.int().min(1).max(100))
  .default(20);
const after = z
  .string()
  .regex(/^id:0:[1-9]\d{0,17}$/, 'is no cursor of this list')
  .transform((it) => it.slice('id:0:'.length))
  .optional();
export const QueueQuery = z.strictObject({ after, limit });
export const DecisionsQuery = z.strictObject({ after, limit, action: z.enum(LOGGED).optional() });

const id = z.string();
const time = z.iso.datetime();
const Person = z.strictObject({ id, displayName: z.string() });
export const Story = z.strictObject({ key: z.string(), url: z.string(), title: z.string() });
// The public comment without its replies. Schemas are private to their module, so its fields are repeated here.
export const PlainComment = z
  .strictObject({
    id,
    articleKey: z.string(),
    parentId: id.nullable(),
    depth: z.int(),
    author: Person.extend({ badges: z.array(z.string()) }).nullable(),
    body: z.string().nullable(),
    createdAt: time,
    editedAt: time.nullable(),
    state: z.enum(COMMENT_STATES),
    removal: z.strictObject({ reason: z.string(), label: z.string().nullable() }).optional(),
    reactions: z.record(z.string(), z.int()),
    replyCount: z.int(),
  })
  .meta({ id: 'PlainComment' });
const DeskComment = PlainComment.extend({ revision: z.int() }).meta({ id: 'DeskComment' });
export const Decision = z.strictObject({
  id,
  action: z.enum(LOGGED),
  /** Null for an approval. */
  reason: z.string().nullable(),
  note: z.string().nullable(),
  createdAt: time,
  moderator: Person,
});
export const DeskAuthor = Person.extend({
  badges: z.array(z.string()),
  joinedAt: time,
  bannedAt: time.nullable(),
  commentCount: z.int(),
  removedCount: z.int(),
});
export const CaseView = z
  .strictObject({
    comment: DeskComment,
    article: Story,
    ancestors: z.array(PlainComment),
    reports: z.array(
      z.strictObject({
        id,
        reason: z.string(),
        note: z.string().nullable(),
        createdAt: time,
        revision: z.int(),
        reporter: Person.nullable(),
      }),
    ),
    author: DeskAuthor,
    decisions: z.array(Decision),
  })
  .meta({ id: 'Case' });
export const QueueView = z
  .strictObject({ items: z.array(CaseView), next: z.string().nullable(), total: z.int() })
  .meta({ id: 'Queue' });
export const DecisionsView = z
  .strictObject({
    items: z.array(
      // `commentId` is null when a text was rejected before it was a comment, and `heldId` when a comment was decided on.
      Decision.extend({
        commentId: id.nullable(),
        heldId: id.nullable(),
        state: z.string(),
        excerpt: z.string(),
        article: Story,
        author: Person,
      }),
    ),
    next: z.string().nullable(),
  })
  .meta({ id: 'Decisions' });
const count = z.int().min(0);
export const StatisticsView = z
  .strictObject({
    days: z.int(),
    comments: z.strictObject({ count, lastDay: count }),
    decisions: z.strictObject({ count, medianSecondsInQueue: z.int().nullable() }),
    subscribers: z.strictObject({ active: count, added: count }),
    gifts: z.array(z.strictObject({ currency: z.string(), count, amount: z.int() })),
  })
  .meta({ id: 'Statistics' });
export const DecidedView = z.strictObject({ decision: Decision, comment: PlainComment }).meta({ id: 'Decided' });
/** The 409 of a decision. `decision` is the one that led to the state; `revision` comes when the text was edited. */
export const DecisionConflict = Problem.extend({
  state: z.enum(COMMENT_STATES).optional(),
  decision: Decision.nullish(),
  revision: z.int().optional(),
}).meta({ id: 'DecisionConflict' });
export const ReportedView = z.strictObject({ reported: z.literal(true) }).meta({ id: 'Reported' });
