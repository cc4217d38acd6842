import type { Random } from '../support/random.js';

/**
 * Makes phrases and sentences of many scripts from a grammar:
 *
 *   phrase   = word | word " " word            (one in five has two words)
 *   word     = syllable{3,5}
 *   syllable = a pick of the script's list     (phrases have other syllables than sentences)
 *   sentence = filler{8,20}                    (filler = syllable{2,4} of the script's second list)
 *
 * So a sentence contains a phrase only where one was put in.
 */
interface Script {
  name: string;
  syllables: readonly string[];
  fillers: readonly string[];
  /** Whether words stand without spaces. */
  isDense?: boolean;
}

const split = (list: string): string[] => list.split(' ');

export const SCRIPTS: readonly Script[] = [
  {
    name: 'Latin',
    syllables: split('ba de fi go ku la me no pi ru so ta'),
    fillers: split('wen hyx qul vrom zat jev'),
  },
  { name: 'Cyrillic', syllables: split('бу дя жо ги лы ню ща фэ'), fillers: split('раз вом тек пил хос') },
  { name: 'Greek', syllables: split('βω δη θυ λα ξε ψο φι'), fillers: split('ρας μον τικ ποσ') },
  { name: 'Arabic', syllables: split('جب دح رس طف قل نم'), fillers: split('ثغ شه كو يز') },
  { name: 'Hebrew', syllables: split('גב דח זט לם סע קש'), fillers: split('אה פי צו רת') },
  { name: 'Devanagari', syllables: split('का चि डु पे लो भा'), fillers: split('मन तर सह नय') },
  { name: 'Hangul', syllables: split('바 디 러 무 코 쓰'), fillers: split('은 했 것 정') },
  { name: 'Han', syllables: split('坏 蠢 猪 骗 贼 奸 娼 废'), fillers: split('今 天 海 风 很 大'), isDense: true },
  { name: 'Kana', syllables: split('ばか あほ くず ゴミ'), fillers: split('きよ のう はれ です'), isDense: true },
  { name: 'Thai', syllables: split('โง่ เลว ชั่ว บ้า'), fillers: split('วัน ดี มาก ที่'), isDense: true },
];

export interface MadePhrase {
  text: string;
  script: Script;
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

/** Makes different phrases of all scripts in turn. */
export function makePhrases(random: Random, count: number): MadePhrase[] {
  const made = new Map<string, MadePhrase>();
  for (let at = 0; made.size < count; at += 1) {
    const script = SCRIPTS[at % SCRIPTS.length]!;
    const word = (): string => times(3 + random.below(3), () => random.pick(script.syllables)).join('');
    const text = !script.isDense && random.below(5) === 0 ? `${word()} ${word()}` : word();
    made.set(text, { text, script });
  }
  return [...made.values()];
}

/** Makes a sentence of the script, with a text in its middle. */
export function makeSentence(random: Random, script: Script, middle = ''): string {
  const words = times(8 + random.below(13), () =>
    times(2 + random.below(3), () => random.pick(script.fillers)).join(''),
  );
  if (middle) words.splice(random.below(words.length), 0, middle);
  return words.join(script.isDense ? '' : ' ');
}

const CYRILLIC: Record<string, string> = { a: 'а', e: 'е', o: 'о', p: 'р', i: 'і' };
const DIGITS: Record<string, string> = { a: '4', e: '3', i: '1', o: '0', s: '$', t: '7' };
const graphemes = (text: string): string[] => Array.from(text.matchAll(/\P{M}\p{M}*/gu), ([it]) => it);
const eachLetter = (text: string, change: (letter: string) => string): string =>
  graphemes(text)
    .map((it) => (it === ' ' ? it : change(it)))
    .join('');
const apart = (text: string, sign: string, gap: string): string =>
  text
    .split(' ')
    .map((it) => graphemes(it).join(sign))
    .join(gap);

interface Trick {
  name: string;
  /** Undefined: all. */
  scripts?: readonly string[];
  play: (text: string) => string;
}

const SPACED = SCRIPTS.filter((it) => !it.isDense).map((it) => it.name);

/** The ways in which people hide a word. */
export const TRICKS: readonly Trick[] = [
  { name: 'nothing', play: (text) => text },
  { name: 'capitals', play: (text) => text.toUpperCase() },
  { name: 'zero-width characters', play: (text) => eachLetter(text, (it) => `${it}\u200B`) },
  { name: 'soft hyphens', play: (text) => eachLetter(text, (it) => `\u00AD${it}`) },
  { name: 'accents', scripts: ['Latin', 'Greek', 'Cyrillic'], play: (text) => eachLetter(text, (it) => `${it}\u0301`) },
  { name: 'strokes', scripts: ['Latin', 'Cyrillic'], play: (text) => eachLetter(text, (it) => `${it}\u0336`) },
  {
    name: 'repeated letters',
    scripts: ['Latin', 'Cyrillic', 'Greek', 'Arabic', 'Hebrew', 'Hangul'],
    play: (text) => eachLetter(text, (it) => it + it + it + it),
  },
  { name: 'spaces', scripts: SPACED, play: (text) => apart(text, ' ', '   ') },
  { name: 'dots', scripts: SPACED, play: (text) => apart(text, '.', '  ') },
  { name: 'hyphens', scripts: SPACED, play: (text) => apart(text, '-', ' ') },
  { name: 'emoji', scripts: SPACED, play: (text) => apart(text, '🙂', ' ') },
  { name: 'asterisks', play: (text) => apart(text, '*', ' ') },
  {
    name: 'wide letters',
    scripts: ['Latin'],
    play: (text) => eachLetter(text, (it) => String.fromCharCode(it.charCodeAt(0) + 0xfee0)),
  },
  {
    name: 'script letters',
    scripts: ['Latin'],
    play: (text) => eachLetter(text, (it) => String.fromCodePoint(0x1d4d0 - 65 + it.toUpperCase().charCodeAt(0))),
  },
  {
    name: 'circles',
    scripts: ['Latin'],
    play: (text) => eachLetter(text, (it) => String.fromCodePoint(0x24d0 - 97 + it.charCodeAt(0))),
  },
  {
    name: 'squares',
    scripts: ['Latin'],
    play: (text) => eachLetter(text, (it) => String.fromCodePoint(0x1f170 - 97 + it.charCodeAt(0))),
  },
  { name: 'Cyrillic letters', scripts: ['Latin'], play: (text) => eachLetter(text, (it) => CYRILLIC[it] ?? it) },
  // A word that ends with several digits is a name, such as A55.
  {
    name: 'digits and signs',
    scripts: ['Latin'],
    play: (text) => text.replace(/\w(?=\w{2})/g, (it) => DIGITS[it] ?? it),
  },
];
