import { relativeTime, problemText } from '../../shared/strings/translate.js';
import type { Verdict } from './contract.js';
import type { DecisionOutcome } from './decision-sender.js';
import type { KeptDecision } from './unsaved-decisions.js';
import { deskWords, t, why } from '../shell/strings.js';

/** How a decision ended, in a line for the person who made it. */
export function outcomeWords(outcome: DecisionOutcome, verdict: Verdict, name: string): string {
  switch (outcome.kind) {
    case 'done':
      return t(`done.${verdict.action}`, { name, reason: why(verdict.reason).toLowerCase() });
    case 'already': {
      const { decision } = outcome;
      if (!decision) return t('first.unknown', { name });
      return t(`first.${decision.action}`, {
        who: decision.moderator?.displayName ?? t('someone'),
        name,
        age: relativeTime(decision.createdAt),
        reason: why(decision.reason).toLowerCase(),
      });
    }
    case 'edited':
      return t('edited.notice', { name });
    case 'gone':
      return t('gone.notice', { name });
    case 'kept':
      return t('kept.offer', { what: keptWords(verdict, name) });
    case 'failed':
      return t('failed.notice', {
        what: t(`failed.${verdict.action}`, { name }),
        why: problemText(deskWords, outcome.problem),
      });
  }
}

/** "remove the comment by X (spam)": a decision that is not saved yet. */
export const keptWords = (verdict: Verdict, name: string): string =>
  t(`kept.what.${verdict.action}`, { name, reason: why(verdict.reason).toLowerCase() });

export const keptOffer = (kept: KeptDecision, name: string): string =>
  t('kept.offer', { what: keptWords(kept.verdict, name) });
