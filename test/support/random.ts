/** Pseudo-random numbers that repeat with their seed (mulberry32), so that a failure can be repeated. */
export class Random {
  constructor(private state: number) {}

  /** Returns a number from 0 to below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let it = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    it = (it + Math.imul(it ^ (it >>> 7), 61 | it)) ^ it;
    return ((it ^ (it >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** Returns a whole number from 0 to below the bound. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** Returns one item of a list. @throws Error when the list is empty */
  pick<T>(from: readonly T[]): T {
    if (!from.length) throw new Error('There is nothing to pick from');
    return from[this.below(from.length)]!;
  }
}

/** Returns the seed of this run: SEED of the environment, which repeats a failure, or else the time. Print it. */
export const seedOfRun = (): number => Number(process.env.SEED ?? Date.now() % 1_000_000_000);
