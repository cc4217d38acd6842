import { floodComments } from '../behaviour.settings.js';
import type { Rule } from '../rule.js';
import { hold, type Hold } from '../screening-verdict.js';
import { unlessStaff } from './unless-staff.js';

/** One person must not fill all conversations. */
export const flood: Rule<Hold> = (context) => {
  const most = context.setting(floodComments);
  return most === 0 ? undefined : judge(context, most);
};

const judge = async (context: Parameters<Rule<Hold>>[0], most: number): Promise<Hold | undefined> =>
  (await context.recent()).written < most
    ? undefined
    : unlessStaff(
        context,
        hold({
          code: 'held.flood',
          reason:
            'You have written many comments in a short time. A moderator reads the next ones before they are public.',
        }),
      );
