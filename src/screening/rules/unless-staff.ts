import type { ScreeningContext } from '../rule.js';
import type { Hold } from '../screening-verdict.js';

/** Holds a text, unless its author is staff, who need no moderator. */
export async function unlessStaff({ account }: ScreeningContext, verdict: Hold): Promise<Hold | undefined> {
  return (await account()).staff ? undefined : verdict;
}
