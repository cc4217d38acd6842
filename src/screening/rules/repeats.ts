import { mostEmoji, sameCharacters, sameWords } from '../behaviour.settings.js';
import type { Rule } from '../rule.js';
import { hold, type Hold } from '../screening-verdict.js';
import { unlessStaff } from './unless-staff.js';

/** A family of several people and a flag are one emoji. */
const EMOJI = /\p{RI}\p{RI}|\p{ExtPict}[\uFE0F\p{EMod}]?(?:\u200D\p{ExtPict}[\uFE0F\p{EMod}]?)*/gu;

/** Rows of one character or word, and walls of emoji, say nothing. */
export const repeats: Rule<Hold> = (context) => {
  const { body, setting } = context;
  const most = { characters: setting(sameCharacters), words: setting(sameWords), emoji: setting(mostEmoji) };
  const what =
    most.characters > 0 && longestRow(body) >= most.characters
      ? 'repeats a character many times'
      : most.words > 0 && repetition(body) >= most.words
        ? 'repeats the same words many times'
        : most.emoji > 0 && (body.match(EMOJI)?.length ?? 0) >= most.emoji
          ? 'contains many emoji'
          : undefined;
  if (what === undefined) return undefined;
  const reason = `The comment ${what}. A moderator reads it before it is public.`;
  return unlessStaff(context, hold({ code: 'held.repeats', reason }));
};

/** How often a character stands in a row at most. Spaces do not count. */
function longestRow(text: string): number {
  let [longest, row, last] = [0, 0, ''];
  for (const it of text) {
    row = it === last ? row + 1 : 1;
    last = it;
    if (row > longest && it.trim()) longest = row;
  }
  return longest;
}

/** How often each word stands in the text on average. */
function repetition(text: string): number {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu);
  return words ? words.length / new Set(words).size : 0;
}
