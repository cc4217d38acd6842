import { namesAddress } from '../addresses.js';
import type { Rule, ScreeningContext } from '../rule.js';
import { holdLinks, newcomerComments, preModeratedSections, preModeration } from '../pre-moderation.settings.js';
import { hold, type Hold } from '../screening-verdict.js';

/** Holds what the newsroom reads before it is public. Staff are exempt. */
export const preModerated: Rule<Hold> = (context) => {
  const { setting, article } = context;
  const who = setting(preModeration);
  const section = article.section?.toLowerCase();
  const inSection = section !== undefined && setting(preModeratedSections).some((it) => it.toLowerCase() === section);
  const hasLink = setting(holdLinks) && namesAddress(context.body);
  if (who === 'off' && !inSection && !hasLink) return undefined;
  return judge(context, who, inSection, hasLink);
};

async function judge(
  { account, history, setting }: ScreeningContext,
  who: 'off' | 'newcomers' | 'everyone',
  inSection: boolean,
  hasLink: boolean,
): Promise<Hold | undefined> {
  if ((await account()).staff) return undefined;
  if (who === 'everyone')
    return hold({ code: 'held.everyone', reason: 'Here a moderator reads each comment before it is public.' });
  if (inSection)
    return hold({
      code: 'held.section',
      reason: 'In this section a moderator reads each comment before it is public.',
    });
  if (hasLink)
    return hold({ code: 'held.link', reason: 'A moderator reads comments with links before they are public.' });
  if (who === 'newcomers' && (await history()).published < setting(newcomerComments))
    return hold({
      code: 'held.newcomer',
      reason: 'A moderator reads the first comments of each reader before they are public.',
    });
  return undefined;
}
