import type { z } from 'zod';
import type { Account } from '../model/account.js';
import type { Kind, Kinds, List } from '../model/wire.js';
import { invalid, noSuchObject } from '../model/errors.js';
import type { listParams, Range } from '../params/params.js';

/**
 * Returns one page, newest first. `starting_after` continues with older ones; `ending_before` gives the nearest newer
 * ones, in the same order.
 */
export function listOf<K extends Kind>(
  account: Account,
  kind: K,
  url: string,
  params: z.output<typeof listParams>,
  matches: (it: Kinds[K]) => boolean = () => true,
): List<Kinds[K]> {
  const { limit = 10, starting_after: after, ending_before: before, created } = params;
  if (after !== undefined && before !== undefined)
    throw invalid('You may only specify one of these parameters: ending_before, starting_after.', 'ending_before');
  const everything = account.all(kind);
  const at = (id: string, param: string) => {
    const index = everything.findIndex((it) => it.id === id);
    if (index < 0) throw noSuchObject(kind, id, param);
    return index;
  };
  const fits = (it: Kinds[K]) => within(it.created, created) && matches(it);
  if (before !== undefined) {
    const newer = everything.slice(0, at(before, 'ending_before')).filter(fits);
    return { object: 'list', url, has_more: newer.length > limit, data: newer.slice(-limit) };
  }
  const older = (after === undefined ? everything : everything.slice(at(after, 'starting_after') + 1)).filter(fits);
  return { object: 'list', url, has_more: older.length > limit, data: older.slice(0, limit) };
}

function within(time: number, range: Range | undefined): boolean {
  if (range === undefined) return true;
  if (typeof range === 'number') return time === range;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = range;
  return time > gt && time >= gte && time < lt && time <= lte;
}
