const NONE = -1;

/**
 * Finds all of many phrases in one pass over a text (Aho and Corasick 1975). The work for a text grows with its length and
 * the places where a phrase stands, not with the number of phrases. A state is a number, and the transitions are one hash
 * table with open addressing, because a Map for each state takes three times the memory and time.
 */
export class PhraseAutomaton {
  private keys = new Float64Array(1_024).fill(NONE);
  private targets = new Int32Array(1_024);
  private transitions = 0;
  private readonly depths = [0];
  /** The state of the longest proper suffix. */
  private failures = [0];
  /** The next shorter phrase that ends where a state does. */
  private suffixes = [NONE];
  /** The phrases that end in a state. */
  private readonly phrases: (number[] | undefined)[] = [undefined];

  constructor(phrases: readonly (readonly number[])[]) {
    const parents = [0];
    const units = [0];
    phrases.forEach((phrase, index) => {
      let state = 0;
      for (const unit of phrase) {
        let next = this.next(state, unit);
        if (next === NONE) {
          next = this.depths.length;
          this.depths.push(this.depths[state]! + 1);
          this.phrases.push(undefined);
          parents.push(state);
          units.push(unit);
          this.connect(state, unit, next);
        }
        state = next;
      }
      if (state !== 0) (this.phrases[state] ??= []).push(index);
    });
    this.link(parents, units);
  }

  /** How many states there are. */
  get size(): number {
    return this.depths.length;
  }

  /**
   * Calls back for each phrase in the text, until the answer is true.
   * @param text UTF-16 units
   * @param found gets the phrase's index and its place: from `begin` to before `end`
   */
  scan(text: readonly number[], found: (phrase: number, begin: number, end: number) => boolean): void {
    let state = 0;
    for (let at = 0; at < text.length; at += 1) {
      state = this.step(state, text[at]!);
      for (let it = this.phrases[state] ? state : this.suffixes[state]!; it > 0; it = this.suffixes[it]!) {
        for (const phrase of this.phrases[it]!) if (found(phrase, at + 1 - this.depths[it]!, at + 1)) return;
      }
    }
  }

  private step(from: number, unit: number): number {
    let state = from;
    for (;;) {
      const next = this.next(state, unit);
      if (next !== NONE) return next;
      if (state === 0) return 0;
      state = this.failures[state]!;
    }
  }

  /** The state after a unit, or -1. */
  next(state: number, unit: number): number {
    return this.targets[this.slot(state, unit)]! || NONE;
  }

  private slot(state: number, unit: number): number {
    const key = state * 65_536 + unit;
    const mask = this.keys.length - 1;
    let slot = (Math.imul(state, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & mask;
    while (this.keys[slot] !== NONE && this.keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  private connect(state: number, unit: number, target: number): void {
    if (this.transitions * 2 >= this.keys.length) this.grow();
    const slot = this.slot(state, unit);
    this.keys[slot] = state * 65_536 + unit;
    this.targets[slot] = target;
    this.transitions += 1;
  }

  private grow(): void {
    const [keys, targets] = [this.keys, this.targets];
    this.keys = new Float64Array(keys.length * 2).fill(NONE);
    this.targets = new Int32Array(keys.length * 2);
    keys.forEach((key, at) => {
      if (key === NONE) return;
      const slot = this.slot(Math.floor(key / 65_536), key % 65_536);
      this.keys[slot] = key;
      this.targets[slot] = targets[at]!;
    });
  }

  /** Links each state to the one of its longest suffix. Shorter ones come first, because a suffix is shorter. */
  private link(parents: readonly number[], units: readonly number[]): void {
    const { depths } = this;
    this.failures = Array.from(depths, () => 0);
    this.suffixes = Array.from(depths, () => NONE);
    const order = Array.from(depths.keys()).toSorted((a, b) => depths[a]! - depths[b]!);
    for (const state of order) {
      const parent = parents[state]!;
      if (state === 0) continue;
      const failure = parent === 0 ? 0 : this.step(this.failures[parent]!, units[state]!);
      this.failures[state] = failure;
      this.suffixes[state] = this.phrases[failure] ? failure : this.suffixes[failure]!;
    }
  }
}
