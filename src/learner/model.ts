import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { BUCKETS, Features } from './features.js';

const MOST_WORDS = 5;
/** The words that are shown carry at least this share of what speaks for a removal. */
const LEAST_SHARE = 0.05;
const MEANING = /[\p{L}\p{N}\p{S}]/u;
/** The form of the stored weights: the intercept and the weights as 32-bit floats, little-endian, deflated. */
const BYTES = (BUCKETS + 1) * 4;

export interface Judgement {
  /** The probability of a removal as the model sees it, from 0 to 1. */
  score: number;
  /** The words of the text that speak most for a removal, strongest first, as they stand in the text. */
  why: string[];
}

/** The weights of a trained model, and how they judge a text. */
export class Model {
  private readonly features = new Features();
  readonly intercept: number;

  constructor(
    readonly weights: Float32Array,
    intercept: number,
  ) {
    this.intercept = Math.fround(intercept); // as it is stored
  }

  /** Judges a text, in less than a millisecond. */
  judge(text: string): Judgement {
    const { words, owners, buckets, count } = this.features.read(text);
    const shares = new Float64Array(words);
    let sum = 0;
    for (let it = 0; it < count; it += 1) {
      const weight = this.weights[buckets[it]!]!;
      sum += weight;
      shares[owners[it]!] = shares[owners[it]!]! + weight;
    }
    return { score: this.probability(sum, count), why: this.words(shares) };
  }

  /** Judges a text whose features are known. */
  score(features: Int32Array): number {
    let sum = 0;
    for (let it = 0; it < features.length; it += 1) sum += this.weights[features[it]!]!;
    return this.probability(sum, features.length);
  }

  private probability(sum: number, count: number): number {
    return 1 / (1 + Math.exp(-(sum / Math.sqrt(count || 1) + this.intercept)));
  }

  /** A word that occurs again adds nothing, because its features count once. */
  private words(shares: Float64Array): string[] {
    let all = 0;
    for (const it of shares) if (it > 0) all += it;
    const speaking: { word: string; share: number }[] = [];
    for (let it = 0; it < shares.length; it += 1) {
      const share = shares[it]!;
      if (share <= 0 || share < LEAST_SHARE * all) continue;
      const word = this.features.word(it);
      if (MEANING.test(word)) speaking.push({ word, share });
    }
    return speaking
      .toSorted((a, b) => b.share - a.share)
      .slice(0, MOST_WORDS)
      .map(({ word }) => (word.length > 40 ? `${word.slice(0, 40)}…` : word));
  }

  /** Returns the weights as they are stored, and their checksum. */
  store(): { weights: Buffer; checksum: Buffer } {
    const bytes = Buffer.alloc(BYTES);
    bytes.writeFloatLE(this.intercept, 0);
    for (let it = 0; it < BUCKETS; it += 1) bytes.writeFloatLE(this.weights[it]!, 4 + 4 * it);
    const weights = deflateRawSync(bytes);
    return { weights, checksum: checksumOf(weights) };
  }

  /** @throws Error when the weights are damaged */
  static restore({ weights, checksum }: { weights: Buffer; checksum: Buffer }): Model {
    if (!checksumOf(weights).equals(checksum)) throw new Error('its checksum does not fit');
    const bytes = inflateRawSync(weights, { maxOutputLength: BYTES });
    if (bytes.length !== BYTES) throw new Error('it has another size');
    const values = Float32Array.from({ length: BUCKETS }, (_it, n) => bytes.readFloatLE(4 + 4 * n));
    return new Model(values, bytes.readFloatLE(0));
  }
}

const checksumOf = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
