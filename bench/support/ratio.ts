export const median = (numbers: number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

export interface Pairs {
  /** Median of the ratios within each pair. */
  ratio: number;
  ours: number;
  floor: number;
  ratios: number[];
}

/**
 * Measures two things in turn, a pair at a time, in changing order: what disturbs the machine disturbs both, and only
 * the ratio within a pair counts.
 */
export async function interleaved(
  pairs: number,
  ours: () => Promise<number>,
  floor: () => Promise<number>,
): Promise<Pairs> {
  const measured: { ours: number; floor: number }[] = [];
  for (let i = 0; i < pairs; i += 1) {
    if (i % 2) measured.push({ floor: await floor(), ours: await ours() });
    else measured.push({ ours: await ours(), floor: await floor() });
  }
  const ratios = measured.map((it) => it.ours / it.floor);
  return {
    ratio: median(ratios),
    ours: median(measured.map((it) => it.ours)),
    floor: median(measured.map((it) => it.floor)),
    ratios,
  };
}
