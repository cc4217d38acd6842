import { beforeAll, describe, expect, it } from '@jest/globals';
import { atLeast, atMost, type CurvePoint, powerOf } from '../../src/learner/evaluation.js';
import { Examples } from '../../src/learner/examples.js';
import { BUCKETS, Features } from '../../src/learner/features.js';
import { Model } from '../../src/learner/model.js';
import { Slices } from '../../src/learner/slices.js';
import { commentCorpus } from '../support/comment-corpus.js';
import { judgeFresh, learn } from '../support/learning.js';

const bucketsOf = (text: string): Set<number> => {
  const { buckets, count } = new Features().read(text);
  return new Set(buckets.subarray(0, count));
};
const shareOf = (one: string, other: string): number => {
  const [a, b] = [bucketsOf(one), bucketsOf(other)];
  return [...a].filter((it) => b.has(it)).length / Math.max(a.size, b.size);
};

describe('features', () => {
  it('are the same in capitals, with accents and with look-alike letters', () => {
    expect(shareOf('You moron, resume it', 'YOU MОRОN, résumé it')).toBe(1); // the О is Cyrillic
    expect(shareOf('straßenbahn', 'STRASSENBAHN')).toBeLessThan(1);
  });

  it('keep a word of another script as it is, and the end of a long text', () => {
    expect(shareOf('сор', 'cop')).toBe(0);
    const long = 'The council met. '.repeat(500);
    expect(shareOf(long, `${long} You moron`)).toBeLessThan(1);
    expect(bucketsOf(long).size).toBeLessThan(100);
  });

  it('differ by the order of words, and little by a typing error', () => {
    expect(shareOf('the dog bites the man', 'the man bites the dog')).toBeLessThan(1);
    expect(shareOf('absolutely ridiculous', 'absolutely ridiculuos')).toBeGreaterThan(0.5);
    expect(shareOf('absolutely ridiculous', 'wonderful morning')).toBeLessThan(0.1);
  });

  it('lie within the buckets, each once, for every text', () => {
    const texts = [
      '',
      ' ',
      'a',
      '!',
      '👨‍👩‍👧‍👦 👍🏽',
      '\ud800',
      'x'.repeat(30_000),
      '漢字'.repeat(3_000),
      'e\u0301'.repeat(9_000),
    ];
    for (const text of texts) {
      const features = new Features().read(text);
      const used = [...features.buckets.subarray(0, features.count)];
      expect(new Set(used).size).toBe(used.length);
      expect(used.every((it) => it >= 0 && it < BUCKETS)).toBe(true);
    }
  });
});

describe('precision', () => {
  it('is no certainty after a few lucky cases', () => {
    expect(atLeast(20, 20)).toBeLessThan(0.85);
    expect(atLeast(1_000, 1_000)).toBeGreaterThan(0.99);
    expect(atLeast(0, 0)).toBe(0);
    expect(atMost(0, 0)).toBe(1);
    expect(atMost(90, 100)).toBeGreaterThan(0.9);
    expect(atMost(90, 100)).toBeLessThan(0.96);
  });

  const curve = (...points: [threshold: number, flagged: number, right: number][]): CurvePoint[] =>
    points.map(([threshold, flagged, right]) => ({ threshold, flagged, right }));

  it('gives no power when too few texts prove it, and none below the threshold of one half', () => {
    const few = curve([0.9, 20, 20], [0.6, 60, 60]);
    expect(powerOf({ judged: 100, removed: 60, curve: few }, 0.99)).toBeUndefined();
    const low = curve([0.49, 600, 600], [0.4, 1_000, 1_000]);
    expect(powerOf({ judged: 2_000, removed: 1_000, curve: low }, 0.99)).toBeUndefined();
    expect(powerOf({ judged: 0, removed: 0, curve: [] }, 0.99)).toBeUndefined();
  });

  it('ends at the first threshold that fails, so that no later one is chosen by luck', () => {
    const points = curve([0.9, 500, 500], [0.8, 700, 699], [0.7, 900, 870], [0.6, 9_000, 8_990]);
    expect(powerOf({ judged: 20_000, removed: 1_000, curve: points }, 0.99)).toMatchObject({
      threshold: 0.8,
      recall: 0.699,
    });
  });
});

describe('a model', () => {
  const decided = commentCorpus(3, 2_500);
  const fresh = commentCorpus(1_003, 1_000, 0);

  let learned: Awaited<ReturnType<typeof learn>>;

  beforeAll(async () => {
    learned = await learn(decided, 0.95);
  });

  it('gets power from 2,500 decisions and none from 300, and keeps the precision on comments of later days', async () => {
    expect((await learn(decided.slice(0, 300), 0.95)).power).toBeUndefined();
    const { model, power } = learned;
    expect(power!.precisionAtLeast).toBeGreaterThanOrEqual(0.95);
    expect(judgeFresh(model, power!.threshold, fresh).precision).toBeGreaterThanOrEqual(0.95);
    expect(judgeFresh(model, power!.threshold, fresh).recall).toBeGreaterThan(0.5);
  });

  it('has no power when moderators decide by chance, and at a precision that their errors do not allow', async () => {
    const byChance = decided.slice(0, 500).map((it, n) => ({ ...it, removed: n % 3 === 0 }));
    expect((await learn(byChance, 0.9)).power).toBeUndefined();
    expect(powerOf(learned.metrics, 0.99)).toBeUndefined();
  });

  it('is the same for the same decisions and seed, and after it was stored', async () => {
    const [one, other] = [await learn(decided.slice(0, 100), 0.95), await learn(decided.slice(0, 100), 0.95)];
    const stored = one.model.store();
    expect(other.model.store()).toEqual(stored);
    expect((await learn(decided.slice(0, 100), 0.95, 2)).model.store()).not.toEqual(stored);
    const restored = Model.restore(stored);
    for (const { text } of fresh.slice(0, 20)) expect(restored.judge(text)).toEqual(one.model.judge(text));
  });

  it('is refused when it is damaged or cut off', async () => {
    const stored = (await learn(decided.slice(0, 50), 0.95)).model.store();
    const damaged = Buffer.from(stored.weights);
    damaged[20]! ^= 1;
    expect(() => Model.restore({ ...stored, weights: damaged })).toThrow('its checksum does not fit');
    expect(() => Model.restore({ ...stored, weights: stored.weights.subarray(0, -1) })).toThrow(
      'its checksum does not fit',
    );
  });

  it('says why in words of the text', () => {
    const { model } = learned;
    const text = 'Der Torwart rettete das Spiel. You are nothing but a Moron!';
    const { why } = model.judge(text);
    expect(why).toContain('Moron');
    for (const word of why) expect(text).toContain(word);
    expect(why).not.toContain('Torwart');
  });

  it('judges a text by itself as it does among the examples', () => {
    const { model } = learned;
    const examples = new Examples();
    const { text } = fresh[0]!;
    examples.add(text, true);
    expect(model.score(examples.of(0))).toBeCloseTo(model.judge(text).score, 12);
  });
});

describe('training', () => {
  it('keeps to the memory that it may use', () => {
    const examples = new Examples(100);
    expect(examples.add('A short one.', true)).toBe(true);
    expect(examples.add('A text that is longer than the room that is left. '.repeat(20), false)).toBe(false);
    expect(examples.size).toBe(1);
  });

  it('lets other work run, and ends when the process stops', async () => {
    let stopped = false;
    const slices = new Slices(() => stopped, 0);
    const until = performance.now() + 10;
    while (performance.now() < until);
    let ran = false;
    setImmediate(() => (ran = true));
    await slices.rest();
    expect(ran).toBe(true);
    stopped = true;
    const later = performance.now() + 10;
    while (performance.now() < later);
    await expect(slices.rest()).rejects.toThrow('the process stops');
  });
});
