import { Features } from './features.js';

/** The features of all examples take at most 128 MB. */
const MOST_FEATURES = 32_000_000;

/** Decided texts as features, in the order in which they were added, with no text kept. */
export class Examples {
  private features = new Int32Array(65_536);
  private used = 0;
  private readonly starts: number[] = [0];
  private readonly labels: boolean[] = [];
  private readonly reader = new Features();

  constructor(private readonly most = MOST_FEATURES) {}

  get size(): number {
    return this.labels.length;
  }

  /** @returns false when there is no more room */
  add(text: string, removed: boolean): boolean {
    const { buckets, count } = this.reader.read(text);
    if (this.used + count > this.most) return false;
    if (this.used + count > this.features.length) {
      const larger = new Int32Array(Math.min(this.most, Math.max(this.features.length * 2, this.used + count)));
      larger.set(this.features);
      this.features = larger;
    }
    this.features.set(buckets.subarray(0, count), this.used);
    this.used += count;
    this.starts.push(this.used);
    this.labels.push(removed);
    return true;
  }

  /** The features of one example, each once. */
  of(index: number): Int32Array {
    return this.features.subarray(this.starts[index]!, this.starts[index + 1]!);
  }

  wasRemoved(index: number): boolean {
    return this.labels[index]!;
  }

  /** How many of a range were removed. */
  removedIn(from: number, to: number): number {
    let n = 0;
    for (let it = from; it < to; it += 1) if (this.labels[it]) n += 1;
    return n;
  }
}
