import type { Character, Gap } from './characters.js';

/** The letters of a text as they are compared: without case, accents and signs. */
export interface Reading {
  /**
   * UTF-16 units. One space stands between words, and a line break between parts of sentences. A letter that stands
   * several times in a row is there once.
   */
  units: number[];
  /** How often the letter at each place stands in a row. */
  runs: number[];
  /** Where each begins and ends in the text. */
  begins: number[];
  ends: number[];
  /** Whether a word may begin and end on both sides of this, as in Chinese. */
  loose: boolean[];
  /** Whether the word at this place is written in a disguise. */
  disguised: boolean[];
}

export interface WordForm {
  /** The letters as they are, or the Latin ones that they look like. */
  form: 'own' | 'look';
  disguised?: boolean;
  /** Whether its letters stand apart. Its first and last one may be words by themselves then. */
  spelled?: boolean;
  /** The letter that a stroke stands for; undefined when digits and signs are no letters here. */
  stroke?: string | undefined;
}

const GAPS = { space: 0x20, break: 0x0a };

export const isGap = (unit: number | undefined): boolean =>
  unit === undefined || unit === GAPS.space || unit === GAPS.break;

/** Writes a reading word by word. */
export class ReadingWriter {
  readonly reading: Reading = { units: [], runs: [], begins: [], ends: [], loose: [], disguised: [] };
  private gap: Gap = 'none';

  /** Puts a gap before the next letter. */
  leave(gap: Gap): void {
    if (this.gap !== 'break' && gap !== 'none') this.gap = gap;
  }

  writeWord(characters: readonly Character[], { form, disguised = false, spelled = false, stroke }: WordForm): void {
    let before: string | undefined;
    for (let at = 0; at < characters.length; at += 1) {
      const it = characters[at]!;
      const { folded } = it;
      const leet = stroke === undefined ? undefined : folded.isStroke ? stroke : folded.leet;
      const letters = leet ?? folded[form];
      if (letters === '') continue;
      const kind = leet === undefined ? folded.kind : 'letter';
      // "idiot2" is the word and a number.
      if (before !== undefined && (kind === 'digit') !== (before === 'digit')) this.leave('space');
      before = kind;
      if (this.gap !== 'none' && this.reading.units.length) this.add(GAPS[this.gap], it.begin, it.begin, false, false);
      this.gap = 'none';
      const isEdge = spelled && (at === 0 || at === characters.length - 1);
      const loose = isEdge || kind === 'dense' || kind === 'emoji';
      for (let unit = 0; unit < letters.length; unit += 1)
        if (kind !== 'letter' || !this.repeats(letters.charCodeAt(unit), it.end))
          this.add(letters.charCodeAt(unit), it.begin, it.end, loose, disguised);
    }
  }

  /** Counts a letter that the last one is already. */
  private repeats(unit: number, end: number): boolean {
    const { units, runs, ends } = this.reading;
    const last = units.length - 1;
    if (units[last] !== unit) return false;
    runs[last]! += 1;
    ends[last] = end;
    return true;
  }

  private add(unit: number, begin: number, end: number, loose: boolean, disguised: boolean): void {
    const { reading } = this;
    reading.units.push(unit);
    reading.runs.push(1);
    reading.begins.push(begin);
    reading.ends.push(end);
    reading.loose.push(loose);
    reading.disguised.push(disguised);
  }
}
