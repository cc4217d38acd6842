import { type Character, type Gap, gapAt, isLetter } from './characters.js';

/** Signs that stand between the letters of a word. Apostrophes and dashes do so in plain text. */
const BETWEEN = '-_*·•~^|/\\+=#&';
/** These stand for letters only within a word: "sh!t" has one, "idiot!" has none. */
const INSIDE_ONLY = '!|+';
/** A number after fewer characters belongs to a name, such as G7 or A55. */
const LEAST_BEFORE_NUMBER = 3;
/** A letter of an Indic script has this many parts at most. */
const MOST_SIGNS = 4;

interface Word {
  characters: Character[];
  isDisguised: boolean;
  /** Whether its letters stand apart with spaces between them. */
  isSpelled: boolean;
  /** Whether its digits and signs stand for letters. */
  hasLeet: boolean;
  /** What stands before it. */
  gap: Gap;
}

/** Letters, digits and the signs among them, up to the next space or other sign. */
interface Token {
  characters: Character[];
  /** What stands before it. */
  between: Character[];
  gap: Gap;
}

/** Divides a text into the words that it may mean. */
export function disguisedWords(characters: readonly Character[]): Word[] {
  const tokens = tokensOf(characters);
  const isLatin = mostlyLatin(characters);
  const words: Word[] = [];
  for (let at = 0; at < tokens.length;) {
    const spelled = tokens.slice(at, spelledUntil(tokens, at));
    const isSpelled = spelled.length > 0;
    const joined = isSpelled ? spelled : tokens.slice(at, joinedUntil(tokens, at));
    at += joined.length;
    for (const parts of isSpelled ? spelledWords(joined) : [joined]) {
      const letters = parts.length === 1 ? parts[0]!.characters : parts.flatMap((it) => it.characters);
      const hasLeet = isLeet(letters);
      const isApart = parts.length > 1;
      words.push({
        characters: letters,
        hasLeet,
        isSpelled: isSpelled && isApart,
        isDisguised: isApart || hasLeet || looksLatin(letters, isLatin),
        gap: parts[0]!.gap,
      });
    }
  }
  return words;
}

function tokensOf(characters: readonly Character[]): Token[] {
  const tokens: Token[] = [];
  let token: Token = { characters: [], between: [], gap: 'none' };
  characters.forEach((it, at) => {
    if (isWritten(it) || isSignInWord(it, characters[at - 1], characters[at + 1])) {
      token.characters.push(it);
      return;
    }
    if (token.characters.length) {
      tokens.push(token);
      token = { characters: [], between: [], gap: 'none' };
    }
    token.between.push(it);
    if (token.gap !== 'break') token.gap = gapAt(characters, at);
  });
  if (token.characters.length) tokens.push(token);
  return tokens;
}

const isWritten = (it: Character | undefined): boolean => isLetter(it) || it?.folded.kind === 'digit';
const isLeetSign = (it: Character | undefined): boolean =>
  it !== undefined && it.folded.leet !== undefined && it.folded.kind !== 'digit';

function isSignInWord(it: Character, before: Character | undefined, after: Character | undefined): boolean {
  if (!isLeetSign(it)) return false;
  if (INSIDE_ONLY.includes(it.sign)) return isWritten(before) && isLetter(after);
  return [before, after].some((other) => isWritten(other) || (isLeetSign(other) && !INSIDE_ONLY.includes(other!.sign)));
}

/** Whether a token is one letter, with its vowel signs, or one digit. */
const isSingle = (it: Token | undefined): it is Token =>
  it !== undefined &&
  it.characters.length <= MOST_SIGNS &&
  it.characters[0]!.folded.kind !== 'dense' &&
  it.characters.every(({ sign }, at) => at === 0 || /\p{M}/u.test(sign));

/** The end of three letters and more that stand apart with spaces between them, as in "a b c"; else `from`. */
function spelledUntil(tokens: readonly Token[], from: number): number {
  let to = from;
  let letters = 0;
  let hasSpace = false;
  for (; isSingle(tokens[to]); to += 1) {
    const { between, characters } = tokens[to]!;
    if (to > from && between.length > 3) break;
    if (isLetter(characters[0])) letters += 1;
    if (to > from && between.some(({ folded }) => folded.kind === 'space')) hasSpace = true;
  }
  return to - from >= 3 && letters >= 2 && hasSpace ? to : from;
}

/** A space makes a gap wider than any signs. */
const widthOf = ({ between }: Token): number =>
  between.length + (between.some(({ folded }) => folded.kind === 'space') ? 10 : 0);

/** Divides letters that stand apart where the gap is wider than between the others. */
function spelledWords(tokens: readonly Token[]): Token[][] {
  const least = tokens.slice(1).reduce((width, it) => Math.min(width, widthOf(it)), Infinity);
  const words: Token[][] = [];
  for (const it of tokens) {
    const word = words.at(-1);
    if (word && widthOf(it) <= least) word.push(it);
    else words.push([it]);
  }
  return words;
}

/** The end of the tokens that only signs divide, as in "a-b_c". */
function joinedUntil(tokens: readonly Token[], from: number): number {
  let to = from + 1;
  while (to < tokens.length && isJoined(tokens[to - 1]!, tokens[to]!)) to += 1;
  return to;
}

function isJoined(before: Token, it: Token): boolean {
  const { between } = it;
  if (between.length > 2) return false;
  const isOne = isSingle(before) || isSingle(it);
  return between.every(({ folded, sign }) => {
    // A reader may have left out the space after a full stop, and put an emoji in its place.
    if (folded.kind === 'stop' || folded.kind === 'emoji') return isOne;
    return folded.kind === 'sign' && BETWEEN.includes(sign);
  });
}

/** Whether digits and signs stand for letters. They do not in A55, MH370, 4G and 100%. */
function isLeet(word: readonly Character[]): boolean {
  if (!word.some(standsForLetter)) return false;
  const least = word.some(isLeetSign) ? 1 : 2;
  if (word.filter(isLetter).length < least) return false;
  let number = 0;
  while (word[word.length - 1 - number]?.folded.kind === 'digit') number += 1;
  const before = word.slice(0, word.length - number);
  return number === 0 || (before.length >= LEAST_BEFORE_NUMBER && (number === 1 || before.some(standsForLetter)));
}

const standsForLetter = ({ folded }: Character): boolean => folded.leet !== undefined;

/** Whether letters of other scripts stand for Latin ones: among Latin ones, or all of them in a Latin text. */
function looksLatin(word: readonly Character[], isLatin: boolean): boolean {
  let [letters, latin, others] = [0, 0, 0];
  for (const it of word) {
    if (it.folded.kind !== 'letter') continue;
    letters += 1;
    if (isLatinLetter(it)) latin += 1;
    else if (it.folded.own !== it.folded.look) others += 1;
  }
  return others > 0 && (latin > 0 || (isLatin && letters > 1 && others === letters));
}

const isLatinLetter = ({ folded }: Character): boolean =>
  folded.kind === 'letter' && folded.own >= 'a' && folded.own < '{';

function mostlyLatin(characters: readonly Character[]): boolean {
  let [letters, latin] = [0, 0];
  for (const it of characters) {
    if (isLetter(it)) letters += 1;
    if (isLatinLetter(it)) latin += 1;
  }
  return latin * 2 >= letters;
}
