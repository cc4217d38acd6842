import { learnerMode } from '../../learner/learner.settings.js';
import type { Rule, ScreeningContext } from '../rule.js';
import { hold, type Hold } from '../screening-verdict.js';

/** Holds what the helper that learns is certain about. It never refuses. Staff are exempt. */
export const learned: Rule<Hold> = (context) => {
  if (context.setting(learnerMode) !== 'hold' || !context.learned?.(context.body)?.certain) return undefined;
  return judge(context);
};

async function judge({ account }: ScreeningContext): Promise<Hold | undefined> {
  if ((await account()).staff) return undefined;
  return hold({ code: 'held.learned', reason: 'A moderator reads this comment before it is public.' });
}
