const median = (numbers: number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

interface Pairs {
  /** The median of the ratios within each pair. */
  ratio: number;
  ours: number;
  floor: number;
  ratios: number[];
}

/**
 * Measures two things in turn and in changing order, so that a disturbance of the machine affects both. Only the ratio
 * within a pair counts.
 * @param turns how often the two alternate within a pair, whose sums are compared; short turns meet equal disturbances
 */
export async function interleaved(
  pairs: number,
  ours: () => Promise<number>,
  floor: () => Promise<number>,
  turns = 1,
): Promise<Pairs> {
  const measured: { ours: number; floor: number }[] = [];
  for (let i = 0; i < pairs; i += 1) {
    const sums = { ours: 0, floor: 0 };
    for (let turn = i; turn < i + turns; turn += 1) {
      if (turn % 2) sums.floor += await floor();
      sums.ours += await ours();
      if (!(turn % 2)) sums.floor += await floor();
    }
    measured.push({ ours: sums.ours / turns, floor: sums.floor / turns });
  }
  const ratios = measured.map((it) => it.ours / it.floor);
  return {
    ratio: median(ratios),
    ours: median(measured.map((it) => it.ours)),
    floor: median(measured.map((it) => it.floor)),
    ratios,
  };
}
