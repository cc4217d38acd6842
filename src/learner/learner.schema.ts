import { z } from 'zod';

const count = z.int().min(0);
const share = z.number().min(0).max(1);

const LearnerVersion = z
  .strictObject({
    id: z.string(),
    state: z.enum(['shadow', 'active', 'retired']),
    createdAt: z.iso.datetime(),
    /** What it learned from: decided comments, and comments that stood without a report. */
    trainedOn: z.strictObject({ decided: count, standing: count }),
    /** Why it is not used although it is not retired. */
    problem: z.enum(['damaged', 'other_features']).nullable(),
    /** The texts that it had not seen when it judged them, in the order of the decisions. */
    judged: z.strictObject({ count, removed: count }),
    /** Null while the wanted precision is not proved. */
    power: z.strictObject({ threshold: share, precision: share, precisionAtLeast: share, recall: share }).nullable(),
    curve: z.array(z.strictObject({ threshold: share, precision: share, recall: share, flagged: count })),
    /** What moderators decided on comments that it had judged before, by its threshold, or by 0.5 without one. */
    agreement: z.strictObject({ flaggedRemoved: count, flaggedKept: count, passedRemoved: count, passedKept: count }),
  })
  .meta({ id: 'LearnerVersion' });

export const LearnerView = z
  .strictObject({
    mode: z.enum(['off', 'shadow', 'hold']),
    wantedPrecision: share,
    versions: z.array(LearnerVersion),
  })
  .meta({ id: 'Learner' });
