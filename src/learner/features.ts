import { isWord, kindOf, LATIN, latinOf, LOOKALIKE_SCRIPT, plainOf, SPACE } from './characters.js';

/**
 * Turns a text into the numbers of its features by feature hashing (Weinberger et al. 2009): words, pairs of words, and the
 * fragments of three to five characters of each word with its edges. No vocabulary is kept, so a model holds no text.
 */

const BITS = 18;
export const BUCKETS = 2 ** BITS;
const SHORTEST = 3;
const LONGEST = 5;
/** Of longer texts the beginning and the end are judged, so that a text costs less than a millisecond. */
const FIRST_CHARACTERS = 3_500;
const LAST_CHARACTERS = 1_500;
const MOST_CHARACTERS = FIRST_CHARACTERS + LAST_CHARACTERS;
/** A word of one letter makes three features: itself, its pair and one fragment. */
const MOST_FEATURES = 4 * MOST_CHARACTERS;

/** Names how features are made. Weights that were trained with other features mean nothing here. */
export const FINGERPRINT = `hash-2 bits=${BITS} words=1-2 characters=${SHORTEST}-${LONGEST} of=${FIRST_CHARACTERS}+${LAST_CHARACTERS}`;

// A name of the module is found faster than one of the global scope.
const { imul, min } = Math;
const EDGE = 0x20;
// Each kind begins with another seed, so that a fragment never meets a word of the same letters.
const WORD = 0x811c9dc5;
const PAIR = 0x9e3779b1;
const FRAGMENT = 0x85ebca6b;

/** The features of one text. It is reused for the next text. */
export class Features {
  /** The features, each once. Only the first `count` belong to the text. */
  readonly buckets = new Int32Array(MOST_FEATURES);
  /** The word that a feature begins in. */
  readonly owners = new Int32Array(MOST_FEATURES);
  count = 0;
  /** The words and runs of signs of the text. */
  words = 0;
  /** The part of the text that is judged. */
  text = '';
  private readonly starts = new Int32Array(MOST_CHARACTERS + 1);
  private readonly ends = new Int32Array(MOST_CHARACTERS + 1);
  /** The letters of the present word, between its edges. */
  private readonly letters = new Uint16Array(MOST_CHARACTERS + 3);
  private readonly seen = new Uint8Array(BUCKETS);
  private turn = 0;
  private pair = 0;

  /** Reads a text. Of a long one it reads the beginning and the end. */
  read(text: string): this {
    this.text =
      text.length > MOST_CHARACTERS ? `${text.slice(0, FIRST_CHARACTERS)}\n${text.slice(-LAST_CHARACTERS)}` : text;
    this.count = this.words = this.pair = 0;
    this.nextTurn();
    for (let at = 0; at < this.text.length;) at = kindOf(this.text.charCodeAt(at)) & SPACE ? at + 1 : this.readWord(at);
    return this;
  }

  /** A word as it stands in the text. */
  word(index: number): string {
    return this.text.slice(this.starts[index], this.ends[index]);
  }

  /** @returns where the word ends */
  private readWord(start: number): number {
    const { text, letters } = this;
    const first = isWord(kindOf(text.charCodeAt(start)));
    let kinds = 0;
    let length = 0;
    let at = start;
    letters[0] = EDGE;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      const kind = kindOf(code);
      if (kind & SPACE || isWord(kind) !== first) break;
      kinds |= kind;
      const plain = plainOf(code);
      if (plain) letters[++length] = plain;
    }
    letters[length + 1] = EDGE;
    // Within a Latin word, look-alikes of other scripts are a disguise.
    if (kinds & LATIN && kinds & LOOKALIKE_SCRIPT)
      for (let it = 1; it <= length; it += 1) letters[it] = latinOf(letters[it]!);
    this.starts[this.words] = start;
    this.ends[this.words] = at;
    this.addWord(length);
    this.words += 1;
    return at;
  }

  private addWord(length: number): void {
    const { letters } = this;
    let word = WORD;
    let pair = PAIR;
    for (let it = 1; it <= length; it += 1) {
      word = step(word, letters[it]!);
      pair = step(pair, letters[it]!);
    }
    this.add(word);
    if (this.words) this.add(step(this.pair, word));
    this.pair = pair;
    for (let from = 0; from + SHORTEST <= length + 2; from += 1) {
      const to = min(from + LONGEST, length + 2);
      let hash = FRAGMENT;
      for (let it = from; it < to; it += 1) {
        hash = step(hash, letters[it]!);
        if (it - from >= SHORTEST - 1) this.add(hash);
      }
    }
  }

  private nextTurn(): void {
    this.turn = (this.turn + 1) & 0xff;
    if (this.turn) return;
    this.seen.fill(0);
    this.turn = 1;
  }

  private add(hash: number): void {
    const bucket = bucketOf(hash);
    if (this.seen[bucket] === this.turn || this.count === MOST_FEATURES) return;
    this.seen[bucket] = this.turn;
    this.owners[this.count] = this.words;
    this.buckets[this.count++] = bucket;
  }
}

/** A step of FNV-1a. */
const step = (hash: number, value: number): number => imul(hash ^ value, 0x01000193);

/** Mixes the bits (the finaliser of MurmurHash3) and keeps the upper ones. */
function bucketOf(hash: number): number {
  let it = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  it = imul(it ^ (it >>> 13), 0xc2b2ae35);
  return (it ^ (it >>> 16)) >>> (32 - BITS);
}
