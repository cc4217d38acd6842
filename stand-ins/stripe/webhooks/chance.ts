/** A repeatable random generator (mulberry32): the same seed gives the same drops, copies and order. */
export class Chance {
  constructor(private seed: number) {}

  /** Returns a number in [0, 1). */
  next(): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((it) => [this.next(), it] as const)
      .sort((a, b) => a[0] - b[0])
      .map(([, it]) => it);
  }
}
