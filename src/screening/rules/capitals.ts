import { capitalsEffect, capitalsLetters, capitalsShare } from '../behaviour.settings.js';
import type { Rule } from '../rule.js';
import { hold, type Hold, refuse, type Refusal } from '../screening-verdict.js';
import { unlessStaff } from './unless-staff.js';

const count = (text: string, letters: RegExp): number => text.match(letters)?.length ?? 0;

/** A text in capitals reads as shouting. Letters of scripts without capitals are none. */
export const capitals: Rule<Hold | Refusal> = (context) => {
  const { body, setting } = context;
  const effect = setting(capitalsEffect);
  if (effect === 'off') return undefined;
  const large = count(body, /\p{Lu}/gu);
  const all = large + count(body, /\p{Ll}/gu);
  if (all < setting(capitalsLetters) || large * 100 <= all * setting(capitalsShare)) return undefined;
  if (effect === 'refuse')
    return refuse({
      code: 'comment.capitals',
      reason: 'Most of the comment is in capital letters. Write it in small letters and send it again.',
    });
  return unlessStaff(
    context,
    hold({
      code: 'held.capitals',
      reason: 'Most of the comment is in capital letters. A moderator reads it before it is public.',
    }),
  );
};
