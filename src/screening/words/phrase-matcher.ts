import { charactersOf } from './characters.js';
import { FoldedText } from './folded-text.js';
import { PhraseAutomaton } from './phrase-automaton.js';
import { isGap, type Reading } from './reading.js';

/** A phrase that was found. */
export interface FoundPhrase {
  /** As it stands in the list. */
  phrase: string;
  /** As it stands in the text. */
  written: string;
}

/** A phrase as it is searched in texts that are read in one of these forms. */
interface Pattern {
  phrase: string;
  forms: readonly ('own' | 'look')[];
  units: readonly number[];
  runs: readonly number[];
  /** Whether words that only begin with it are found, too. */
  isPrefix: boolean;
}

/** Three equal letters in a row and more stand for one or two. Languages have two of their own, as in "good". */
const LONG_RUN = 3;
/** A word of fewer letters may have them twice each by chance. */
const LEAST_DOUBLED = 4;

/** Finds the phrases of a list in texts. Its work for a text does not grow with the length of the list. */
export class PhraseMatcher {
  private readonly patterns: readonly Pattern[];
  private readonly automaton: PhraseAutomaton;

  /** @param phrases words and phrases; one that ends with * is the beginning of words */
  constructor(phrases: readonly string[]) {
    this.patterns = phrases.flatMap(patternsOf);
    this.automaton = new PhraseAutomaton(this.patterns.map((it) => it.units));
  }

  /** Returns a phrase that the text contains. */
  find(text: FoldedText): FoundPhrase | undefined {
    if (!this.patterns.length) return undefined;
    const plainly = this.findIn(text, text.asWritten(), 'own');
    if (plainly) return plainly;
    for (const reading of text.disguised()) {
      const found = this.findIn(text, reading, 'look');
      if (found) return found;
    }
    return undefined;
  }

  private findIn(text: FoldedText, reading: Reading, form: 'own' | 'look'): FoundPhrase | undefined {
    let found: FoundPhrase | undefined;
    this.automaton.scan(reading.units, (index, begin, end) => {
      const pattern = this.patterns[index]!;
      if (!pattern.forms.includes(form)) return false;
      if (!isWord(reading, begin, end, pattern) || !hasRuns(reading, begin, pattern)) return false;
      // What is written plainly was looked for before, as it is.
      if (form === 'look' && !reading.disguised.slice(begin, end).includes(true)) return false;
      const until = pattern.isPrefix ? endOfWord(reading, end) : end;
      found = { phrase: pattern.phrase, written: text.plain.slice(reading.begins[begin], reading.ends[until - 1]) };
      return true;
    });
    return found;
  }
}

const matchers = new WeakMap<readonly string[], PhraseMatcher>();

/** Returns the matcher of a list, which is made once for each list. */
export function matcherOf(phrases: readonly string[]): PhraseMatcher {
  let found = matchers.get(phrases);
  if (!found) matchers.set(phrases, (found = new PhraseMatcher(phrases)));
  return found;
}

/** Whether a phrase has anything that can be searched for. */
export const isSearchable = (phrase: string): boolean =>
  charactersOf(phrase.normalize('NFKC')).some(({ folded }) => folded.own !== '');

function patternsOf(line: string): Pattern[] {
  const bare = line.trim().replace(/\*+$/, '');
  const text = new FoldedText(bare);
  const own = text.asWritten('own');
  if (!own.units.length) return [];
  const phrase = bare;
  const isPrefix = bare !== line.trim();
  const { units, runs } = own;
  const look = text.asWritten('look');
  if (units.join() === look.units.join()) return [{ phrase, isPrefix, units, runs, forms: ['own', 'look'] }];
  return [
    { phrase, isPrefix, units, runs, forms: ['own'] },
    { phrase, isPrefix, units: look.units, runs: look.runs, forms: ['look'] },
  ];
}

/** Whether words begin and end where the phrase does. */
function isWord({ units, loose }: Reading, begin: number, end: number, { isPrefix }: Pattern): boolean {
  const begins = isGap(units[begin - 1]) || loose[begin] || loose[begin - 1];
  return Boolean(begins && (isPrefix || isGap(units[end]) || loose[end] || loose[end - 1]));
}

/** Whether its letters stand in a row as often as those of the phrase, too often for any word, or all of them twice. */
function hasRuns({ runs }: Reading, begin: number, pattern: Pattern): boolean {
  const last = pattern.runs.length - 1;
  const isAsOften = pattern.runs.every((run, at) => {
    const there = runs[begin + at]!;
    return there === run || (there > run && (there >= LONG_RUN || (pattern.isPrefix && at === last)));
  });
  return isAsOften || (last >= LEAST_DOUBLED - 1 && pattern.runs.every((run, at) => runs[begin + at] === run * 2));
}

function endOfWord({ units, loose }: Reading, from: number): number {
  let end = from;
  while (end < units.length && !isGap(units[end]) && !loose[end]) end += 1;
  return end;
}
