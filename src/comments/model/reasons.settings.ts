import { z } from 'zod';
import { DomainError } from '../../errors/domain-error.js';
import { defineSetting } from '../../settings/setting.js';
import { shortLine, shortText } from '../../text/short-text.js';

/** The form of a reason's id. */
export const REASON_ID = /^[a-z0-9][a-z0-9-]{0,39}$/;
/** The reason that says nothing. Decisions that need none have it, so it cannot be taken out. */
export const OTHER = 'other';

const USES = ['reports', 'decisions', 'both'] as const;

const ReasonText = z.strictObject({
  id: z.string().regex(REASON_ID, 'must have small letters, digits and hyphens, at most 40, as in off-topic'),
  label: shortLine(80).refine((it) => it !== '', 'must not be empty'),
  explanation: shortText(500),
  for: z.enum(USES),
});
export type Reason = z.infer<typeof ReasonText>;

export const moderationReasons = defineSetting<Reason[]>({
  key: 'moderation.reasons',
  group: 'moderation',
  label: 'Reasons',
  help: 'Why a comment is reported or removed, in the order in which forms offer it. Readers see the label in the form of a report and in place of a removed comment. The author of the removed comment also sees the explanation. A reason is for reports, for decisions or for both. The reason “other” must stay, and a comment that is removed for it shows no reason. A reason that you take out keeps its label where it was used.',
  schema: z.array(ReasonText).max(30),
  initial: [
    { id: 'abuse', label: 'Personal attack or abuse', explanation: '', for: 'both' },
    { id: 'spam', label: 'Spam or advertising', explanation: '', for: 'both' },
    { id: 'off-topic', label: 'Off topic', explanation: '', for: 'both' },
    { id: OTHER, label: 'Something else', explanation: '', for: 'both' },
  ],
  role: 'editor',
  perSite: true,
  check: (reasons) => {
    const seen = new Set<string>();
    for (const { id } of reasons) {
      if (seen.has(id)) return `The reason “${id}” stands twice. Leave one of both`;
      seen.add(id);
    }
    return reasons.some((it) => it.id === OTHER && it.for === 'both')
      ? undefined
      : `The reason “${OTHER}” must stay, for both reports and decisions. Put it back`;
  },
});

export type ReasonUse = Exclude<Reason['for'], 'both'>;

/** The reasons that reports or decisions may give. */
export const reasonsFor = (reasons: readonly Reason[], use: ReasonUse): Reason[] =>
  reasons.filter((it) => it.for === use || it.for === 'both');

/** Finds the reason that a report or a decision gives. @throws DomainError reason.unknown, which lists the valid ones */
export function givenReason(reasons: readonly Reason[], use: ReasonUse, id: string): Reason {
  const valid = reasonsFor(reasons, use);
  const found = valid.find((it) => it.id === id);
  if (found) return found;
  throw new DomainError('reason.unknown', 'unprocessable', {
    detail: `The newsroom does not offer this reason. Choose one of these: ${valid.map((it) => it.label).join(', ')}.`,
    members: { reasons: valid.map((it) => it.id) },
  });
}

/** What readers see of a reason in place of a removed comment. */
export const shownLabel = ({ id, label }: Reason): string | null => (id === OTHER ? null : label);
