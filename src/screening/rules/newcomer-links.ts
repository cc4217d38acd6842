import { namesAddress } from '../addresses.js';
import type { Rule } from '../rule.js';
import { newcomerHours } from '../screening.settings.js';
import { refuse, type Refusal } from '../screening-verdict.js';

/** Accounts are free, so one that advertises is made for it. Links are open to accounts after their first hours. */
export const newcomerLinks: Rule<Refusal> = ({ body, account, setting }) => {
  const hours = setting(newcomerHours);
  if (hours === 0 || !namesAddress(body)) return undefined;
  return account().then(({ ageHours, trusted }) =>
    trusted || ageHours >= hours
      ? undefined
      : refuse({
          code: 'comment.links_too_early',
          reason: `New accounts can post links ${hours} ${hours === 1 ? 'hour' : 'hours'} after they joined. Remove the link, or post it later.`,
        }),
  );
};
