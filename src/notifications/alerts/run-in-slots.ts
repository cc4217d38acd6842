/** An item and the result of its work. */
export interface Settled<Item, Result> {
  item: Item;
  result: Result;
}

interface Options<Item, Result> {
  /** The most items that are begun and not settled. After a crash as many may be done again. */
  slots: number;
  work: (item: Item) => Promise<Result>;
  /** Commits results. @returns whether to begin more items */
  settle: (done: Settled<Item, Result>[]) => Promise<boolean>;
}

const GATHER_MS = 50;

/**
 * Works on many items at once and commits results in groups meanwhile. An item frees its slot only once its result is
 * committed, so a slow item blocks one slot, and a crash repeats at most `slots` items.
 * @returns the items that were not begun because `settle` returned false
 * @throws the first error of `work` or `settle`, once no item is running any more
 */
export async function runInSlots<Item, Result>(
  items: readonly Item[],
  { slots, work, settle }: Options<Item, Result>,
): Promise<Item[]> {
  const waiting = [...items];
  const failures: unknown[] = [];
  let done: Settled<Item, Result>[] = [];
  let underWay = 0;
  let wake = (): void => {};

  const begin = async (item: Item): Promise<void> => {
    underWay += 1;
    try {
      const result = await work(item);
      done.push({ item, result });
    } catch (error) {
      failures.push(error);
    }
    underWay -= 1;
    wake();
  };
  const until = (enough: () => boolean, ms?: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => finish(), ms);
      const finish = (): void => {
        clearTimeout(timer);
        wake = () => {};
        resolve();
      };
      wake = () => (enough() || !underWay ? finish() : undefined);
      wake();
    });

  for (let mayBegin = true; ;) {
    while (mayBegin && !failures.length && waiting.length && underWay + done.length < slots)
      void begin(waiting.shift()!);
    await until(() => done.length > 0);
    await until(() => done.length >= slots / 2, GATHER_MS);
    if (done.length) {
      const settled = done;
      done = [];
      // No item begins before this returns, because results that are being committed keep their slots.
      mayBegin = await settle(settled).catch((error: unknown) => !failures.push(error));
    }
    if (underWay || done.length || (mayBegin && !failures.length && waiting.length)) continue;
    if (failures.length) throw failures[0];
    return waiting;
  }
}
