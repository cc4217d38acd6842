import { evaluate, type Metrics, type Power, powerOf } from '../../src/learner/evaluation.js';
import { Examples } from '../../src/learner/examples.js';
import type { Model } from '../../src/learner/model.js';
import { Slices } from '../../src/learner/slices.js';
import { train } from '../../src/learner/train.js';
import type { LabelledComment } from './comment-corpus.js';

interface Learned {
  model: Model;
  metrics: Metrics;
  power: Power | undefined;
}

/** Learns from comments in their order, as the nightly job does. */
export async function learn(comments: readonly LabelledComment[], wanted: number, seed = 1): Promise<Learned> {
  const slices = new Slices(undefined, 0);
  const examples = new Examples();
  for (const { text, removed } of comments) examples.add(text, removed);
  const metrics = await evaluate(examples, seed, slices);
  return { metrics, power: powerOf(metrics, wanted), model: await train(examples, comments.length, seed, slices) };
}

/** Returns what share of the comments at or above the threshold deserves it, and what share of those is found. */
export function judgeFresh(model: Model, threshold: number, comments: readonly LabelledComment[]) {
  const flagged = comments.filter((it) => model.judge(it.text).score >= threshold);
  const right = flagged.filter((it) => it.deserved).length;
  return { precision: right / flagged.length, recall: right / comments.filter((it) => it.deserved).length };
}
