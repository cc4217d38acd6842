/** What came of one item. */
export interface Settled<Item, Result> {
  item: Item;
  result: Result;
}

interface Options<Item, Result> {
  /** The most items that are begun and not settled: what a crash makes somebody else do again. */
  slots: number;
  work: (item: Item) => Promise<Result>;
  /** Commits what is done. @returns whether to begin more */
  settle: (done: Settled<Item, Result>[]) => Promise<boolean>;
}

const GATHER_MS = 50;

/**
 * Works through items, many at once; what is done is committed in groups while the rest goes on, and only a committed
 * item gives its place to the next. So one slow item holds up one place, and a crash repeats at most `slots` items.
 * @returns the items that were not begun, where `settle` said to stop
 * @throws what `work` or `settle` threw, when nothing is under way any more
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

  for (let goOn = true; ;) {
    while (goOn && !failures.length && waiting.length && underWay + done.length < slots) void begin(waiting.shift()!);
    await until(() => done.length > 0);
    await until(() => done.length >= slots / 2, GATHER_MS);
    if (done.length) {
      const settled = done;
      done = [];
      // Nothing is begun before this returns: what is being committed keeps its places.
      goOn = await settle(settled).catch((error: unknown) => !failures.push(error));
    }
    if (underWay || done.length || (goOn && !failures.length && waiting.length)) continue;
    if (failures.length) throw failures[0];
    return waiting;
  }
}
