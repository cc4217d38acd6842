import type { Examples } from './examples.js';
import type { Slices } from './slices.js';
import { train } from './train.js';

/** The parts of the examples, oldest first. All but the first two are judged by a model of those before. */
const PARTS = 5;
const FIRST_JUDGED = 2;
/** The tests begin where so many texts are flagged, as a share of those that were removed. */
const STARTS = [1 / 2, 1 / 4, 1 / 8];
/** Three starts may each be wrong in 1.67 % of cases, so that what is stated holds with a confidence of 95 %. */
const Z = 2.128;
/** A text that the model itself would rather keep is never flagged. */
const LEAST_THRESHOLD = 0.5;
const MOST_POINTS = 200;

/** The judged texts from the highest score down to `threshold`. */
export interface CurvePoint {
  threshold: number;
  /** How many are at or above it. */
  flagged: number;
  /** How many of those moderators removed. */
  right: number;
}

export interface Metrics {
  /** The texts that a model judged which had not seen them, nor any later one. */
  judged: number;
  removed: number;
  curve: CurvePoint[];
}

export interface Power {
  threshold: number;
  precision: number;
  /** The precision is at least this, with a confidence of 95 %. */
  precisionAtLeast: number;
  recall: number;
}

/** The lower bound of a share (Wilson 1927), so that a few lucky cases are no certainty. */
export function atLeast(right: number, of: number): number {
  if (!of) return 0;
  const share = right / of;
  const margin = Z * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of));
  return Math.max(0, (share + (Z * Z) / (2 * of) - margin) / (1 + (Z * Z) / of));
}

/** The upper bound of a share. */
export const atMost = (right: number, of: number): number => (of ? 1 - atLeast(of - right, of) : 1);

/**
 * Judges each part of the examples by a model that was trained on the parts before it, as the newsroom would have seen it
 * (progressive validation). The examples are in the order of their decisions.
 */
export async function evaluate(examples: Examples, seed: number, slices: Slices): Promise<Metrics> {
  const { size } = examples;
  const scored: { score: number; removed: boolean }[] = [];
  for (let part = FIRST_JUDGED; part < PARTS; part += 1) {
    const [from, to] = [Math.floor((size * part) / PARTS), Math.floor((size * (part + 1)) / PARTS)];
    const model = await train(examples, from, seed, slices);
    for (let it = from; it < to; it += 1) {
      scored.push({ score: model.score(examples.of(it)), removed: examples.wasRemoved(it) });
      await slices.rest();
    }
  }
  return { judged: scored.length, removed: scored.filter((it) => it.removed).length, curve: curveOf(scored) };
}

function curveOf(scored: { score: number; removed: boolean }[]): CurvePoint[] {
  const sorted = scored.toSorted((a, b) => b.score - a.score);
  const stride = Math.max(1, Math.floor(sorted.length / MOST_POINTS));
  const curve: CurvePoint[] = [];
  let right = 0;
  sorted.forEach(({ score, removed }, n) => {
    if (removed) right += 1;
    const isLastOfScore = sorted[n + 1]?.score !== score;
    const due = n + 1 >= (curve.at(-1)?.flagged ?? 0) + stride || n === sorted.length - 1;
    if (isLastOfScore && due) curve.push({ threshold: score, flagged: n + 1, right });
  });
  return curve;
}

/**
 * Finds the lowest threshold at which the precision is certain. From each start the thresholds are tested downwards, and the
 * first that fails ends it: so the confidence holds for the threshold that is chosen, although many were tried (fixed
 * sequence testing with several starts, Angelopoulos et al. 2021, "Learn then test").
 * @param wanted the precision from 0 to 1
 * @returns undefined while the precision is not reached
 */
export function powerOf({ removed, curve }: Metrics, wanted: number): Power | undefined {
  const usable = curve.filter((it) => it.threshold >= LEAST_THRESHOLD);
  let lowest: CurvePoint | undefined;
  for (const share of STARTS)
    for (const point of usable) {
      if (point.flagged < share * removed) continue;
      if (atLeast(point.right, point.flagged) < wanted) break;
      if (!lowest || point.flagged > lowest.flagged) lowest = point;
    }
  if (!lowest) return undefined;
  const { threshold, flagged, right } = lowest;
  return {
    threshold,
    precision: right / flagged,
    precisionAtLeast: atLeast(right, flagged),
    recall: right / Math.max(1, removed),
  };
}
