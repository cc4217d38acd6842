import { recentRejections } from '../behaviour.settings.js';
import type { Rule } from '../rule.js';
import { hold, type Hold } from '../screening-verdict.js';
import { unlessStaff } from './unless-staff.js';

/** Somebody whose comments were removed a short time ago is read before the next one is public. */
export const afterRejections: Rule<Hold> = (context) => {
  const least = context.setting(recentRejections);
  return least === 0 ? undefined : judge(context, least);
};

const judge = async (context: Parameters<Rule<Hold>>[0], least: number): Promise<Hold | undefined> =>
  (await context.recent()).removed < least
    ? undefined
    : unlessStaff(
        context,
        hold({
          code: 'held.recent_rejections',
          reason:
            'Comments of yours were removed a short time ago. A moderator reads your next ones before they are public.',
        }),
      );
