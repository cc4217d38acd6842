import type { Examples } from './examples.js';
import { BUCKETS } from './features.js';
import { Model } from './model.js';
import type { Slices } from './slices.js';

/**
 * Trains logistic regression by FTRL-Proximal (McMahan et al. 2013, "Ad click prediction", algorithm 1), whose L1 part
 * leaves rare features at zero. The result depends on the examples and the seed alone.
 */
// A name of the module is found faster than one of the global scope.
const { abs, exp, floor, imul, max, sign, sqrt } = Math;
const ALPHA = 1;
const BETA = 1;
const L1 = 0.05;
const L2 = 1;
const EPOCHS = 4;
/** Examples between two looks at the time. */
const STRIDE = 16;

/** @param to the examples before this one are used */
export async function train(examples: Examples, to: number, seed: number, slices: Slices): Promise<Model> {
  // The last coordinate is the intercept, which is not made smaller.
  const state = { z: new Float64Array(BUCKETS + 1), n: new Float64Array(BUCKETS + 1) };
  const removed = examples.removedIn(0, to);
  // Both classes weigh the same in sum.
  const weights = { removed: to / (2 * max(1, removed)), kept: to / (2 * max(1, to - removed)) };
  const order = Int32Array.from({ length: to }, (_it, n) => n);
  const random = randomOf(seed);
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    shuffle(order, random);
    for (let at = 0; at < to; at += 1) {
      const index = order[at]!;
      const isRemoved = examples.wasRemoved(index);
      learn(state, examples.of(index), isRemoved, isRemoved ? weights.removed : weights.kept);
      if (at % STRIDE === 0) await slices.rest();
    }
  }
  const learned = new Float32Array(BUCKETS);
  for (let it = 0; it < BUCKETS; it += 1) learned[it] = weightOf(state, it, L1);
  return new Model(learned, weightOf(state, BUCKETS, 0));
}

interface State {
  z: Float64Array;
  n: Float64Array;
}

function weightOf({ z, n }: State, it: number, l1: number): number {
  const sum = z[it]!;
  if (abs(sum) <= l1) return 0;
  return -(sum - sign(sum) * l1) / ((BETA + sqrt(n[it]!)) / ALPHA + (l1 ? L2 : 0));
}

function learn(state: State, features: Int32Array, removed: boolean, weight: number): void {
  const value = 1 / sqrt(features.length || 1);
  let sum = weightOf(state, BUCKETS, 0);
  for (let it = 0; it < features.length; it += 1) sum += weightOf(state, features[it]!, L1) * value;
  const error = (1 / (1 + exp(-sum)) - (removed ? 1 : 0)) * weight;
  for (let it = 0; it < features.length; it += 1) move(state, features[it]!, error * value, L1);
  move(state, BUCKETS, error, 0);
}

function move(state: State, it: number, gradient: number, l1: number): void {
  const weight = weightOf(state, it, l1);
  const before = state.n[it]!;
  const after = before + gradient * gradient;
  state.z[it] = state.z[it]! + gradient - ((sqrt(after) - sqrt(before)) / ALPHA) * weight;
  state.n[it] = after;
}

function shuffle(order: Int32Array, random: () => number): void {
  for (let it = order.length - 1; it > 0; it -= 1) {
    const other = floor(random() * (it + 1));
    [order[it], order[other]] = [order[other]!, order[it]!];
  }
}

/** Pseudo-random numbers from 0 to below 1 that repeat with their seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let it = imul(state ^ (state >>> 15), 1 | state);
    it = (it + imul(it ^ (it >>> 7), 61 | it)) ^ it;
    return ((it ^ (it >>> 14)) >>> 0) / 4_294_967_296;
  };
}
