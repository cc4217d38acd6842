import { serverNow } from '../../shared/server-clock.js';
import { problemText, relativeTime } from '../../shared/strings/translate.js';
import type { DecisionInput } from './contract.js';
import type { DecisionOutcome } from './decision-sender.js';
import type { UnsavedDecision } from './unsaved-decisions.js';
import { moderationWords, t, why } from './words.js';

/** One sentence for the moderator about how their decision ended. */
export function outcomeWords(outcome: DecisionOutcome, input: DecisionInput, name: string): string {
  const reason = why(input.reason);
  switch (outcome.kind) {
    case 'done':
      return t(`done.${input.action}`, { name, reason });
    case 'already': {
      const { decision } = outcome;
      if (!decision) return t('first.unknown', { name });
      return t(`first.${decision.action}`, {
        who: decision.moderator.displayName,
        name,
        age: relativeTime(decision.createdAt, serverNow()),
        reason: why(decision.reason),
      });
    }
    case 'edited':
      return t('edited.notice', { name });
    case 'gone':
      return t('gone.notice', { name });
    case 'signed-out':
      return t(`unsaved.offer.${input.action}`, { name, reason });
    case 'failed':
      return t(`failed.${input.action}`, { name, why: problemText(moderationWords, outcome.problem) });
  }
}

/** Offers an unsaved decision to the moderator who has signed in again. */
export const unsavedOffer = ({ input, authorName }: UnsavedDecision): string =>
  outcomeWords({ kind: 'signed-out' }, input, authorName);

/** Says on the sign-in form that a decision is unsaved. */
export const unsavedReminder = ({ input, authorName }: UnsavedDecision): string =>
  t(`unsaved.signedOut.${input.action}`, { name: authorName, reason: why(input.reason) });
