/**
 * Turns a text into the numbers of its features by feature hashing (Weinberger et al. 2009): words, pairs of words, and the
 * fragments of three to five characters of each word with its edges. No vocabulary is kept, so a model holds no text.
 */

const BITS = 18;
export const BUCKETS = 2 ** BITS;
const SHORTEST = 3;
const LONGEST = 5;
/** Longer texts are judged by their beginning, so that a text costs less than a millisecond. */
const MOST_CHARACTERS = 10_000;
const MOST_FEATURES = 16_000;

/** Names how features are made. Weights that were trained with other features mean nothing here. */
export const FINGERPRINT = `hash-1 bits=${BITS} words=1-2 characters=${SHORTEST}-${LONGEST} fold=nfkd,lower,lookalikes`;

const TOKENS = /[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]+/gu;
const ASCII = /^[\0-\x7f]*$/;
const EDGE = 0x20;
// A name of the module is found faster than one of the global scope.
const { imul, min } = Math;
// Each kind begins with another seed, so that a fragment never meets a word of the same letters.
const WORD = 0x811c9dc5;
const PAIR = 0x9e3779b1;
const FRAGMENT = 0x85ebca6b;

/** A word or a run of signs, as it stands in the text. */
interface Token {
  from: number;
  to: number;
}

/** The features of one text. It is reused for the next text. */
export class Features {
  /** The features, each once. Only the first `count` belong to the text. */
  readonly buckets = new Int32Array(MOST_FEATURES);
  /** The word that a feature begins in, as an index of `tokens`. */
  readonly owners = new Int32Array(MOST_FEATURES);
  count = 0;
  tokens: Token[] = [];
  text = '';
  private readonly seen = new Uint32Array(BUCKETS);
  private turn = 0;

  /** Reads a text, at most its first 10,000 characters. */
  read(text: string): this {
    this.text = text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text;
    this.count = 0;
    this.tokens = [];
    this.nextTurn();
    let before = 0;
    for (const match of this.text.matchAll(TOKENS)) {
      const owner = this.tokens.push({ from: match.index, to: match.index + match[0].length }) - 1;
      const word = fold(match[0]);
      const hash = hashOf(word, WORD);
      this.add(hash, owner);
      if (owner) this.add(step(before, hash), owner);
      before = hashOf(word, PAIR);
      this.addFragments(word, owner);
    }
    return this;
  }

  private nextTurn(): void {
    this.turn = (this.turn + 1) >>> 0;
    if (this.turn) return;
    this.seen.fill(0);
    this.turn = 1;
  }

  /** A fragment may begin before the first character and end after the last, where it has a blank. */
  private addFragments(word: string, owner: number): void {
    const { length } = word;
    for (let from = -1; from + SHORTEST <= length + 1; from += 1) {
      const most = min(from + LONGEST, length + 1);
      let hash = FRAGMENT;
      for (let at = from; at < most; at += 1) {
        hash = step(hash, at < 0 || at >= length ? EDGE : word.charCodeAt(at));
        if (at - from >= SHORTEST - 1) this.add(hash, owner);
      }
    }
  }

  private add(hash: number, owner: number): void {
    const bucket = bucketOf(hash);
    if (this.seen[bucket] === this.turn || this.count === MOST_FEATURES) return;
    this.seen[bucket] = this.turn;
    this.owners[this.count] = owner;
    this.buckets[this.count++] = bucket;
  }
}

// Letters of other scripts that look like Latin ones, for words that mix both. unicode-confusables takes 11 us a word and
// also makes "rn" of every m.
const LOOKALIKES = new Map(Array.from('аеорсухіјѕкмтнвԁοανικρτ', (it, n) => [it, 'aeopcyxijskmthbdoavikpt'[n]!]));
const LATIN = /\p{Script=Latin}/u;
const OTHER_LETTERS = /[\p{Script=Cyrillic}\p{Script=Greek}]/gu;

/** Letters with and without case and accents are the same, and so are look-alikes within a Latin word. */
function fold(token: string): string {
  if (ASCII.test(token)) return token.toLowerCase();
  const plain = token
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '');
  return LATIN.test(plain) ? plain.replace(OTHER_LETTERS, (it) => LOOKALIKES.get(it) ?? it) : plain;
}

/** A step of FNV-1a. */
const step = (hash: number, value: number): number => imul(hash ^ value, 0x01000193);

function hashOf(word: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < word.length; at += 1) hash = step(hash, word.charCodeAt(at));
  return hash;
}

/** Mixes the bits (the finaliser of MurmurHash3) and keeps the upper ones. */
function bucketOf(hash: number): number {
  let it = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  it = imul(it ^ (it >>> 13), 0xc2b2ae35);
  return (it ^ (it >>> 16)) >>> (32 - BITS);
}
