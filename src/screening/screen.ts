import { prepareBody } from './prepare-body.js';
import type { Rule, ScreeningContext } from './rule.js';
import { rules } from './rules.js';
import { longestComment } from './screening.settings.js';
import type { HeldText, Hold, Publish, Refusal } from './screening-verdict.js';

/** The verdict on a comment's text. */
export type CommentVerdict = Publish | HeldText | Refusal;

/**
 * Cleans a comment's text and judges it by the list of rules. Call it before the transaction, because a rule may wait.
 * @throws the errors of the context's readers, if a rule uses them
 */
export async function screenComment(text: string, context: Omit<ScreeningContext, 'body'>): Promise<CommentVerdict> {
  const body = prepareBody(text, context.setting(longestComment));
  if (typeof body !== 'string') return body;
  const verdict = await screen(rules, { ...context, body });
  return verdict.verdict === 'hold' ? { ...verdict, body } : verdict;
}

/**
 * Judges a text by a list of rules, from top to bottom. A refusal ends the list. The first hold is remembered and the
 * list goes on, because a later refusal outweighs it: an author can mend a refused text at once, and no moderator has
 * to look at it.
 */
export async function screen<V extends Hold | Refusal>(
  list: readonly Rule<V>[],
  context: ScreeningContext,
): Promise<Publish | V> {
  let held: V | undefined;
  for (const rule of list) {
    const answer = rule(context);
    const verdict = answer instanceof Promise ? await answer : answer;
    if (verdict?.verdict === 'refuse') return verdict;
    held ??= verdict;
  }
  return held ?? { verdict: 'publish', body: context.body };
}
