import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { graphemeSegments } from 'unicode-segmenter/grapheme';
import { MOST_UNITS } from '../../src/screening/prepare-body.js';
import { screenComment } from '../../src/screening/screen.js';
import type { Setting } from '../../src/settings/setting.js';
import {
  cleanCharacters,
  cleanText,
  countGraphemes,
  hasOversizedGrapheme,
  isWellFormed,
  saysSomething,
} from '../../src/text/plain-text.js';

const ENGLAND = '\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}';
const FAMILY = '👩\u200D👩\u200D👧\u200D👦';
const unread = (): Promise<never> => Promise.reject(new Error('The rules of a text read nothing else.'));
const article = { id: '7', key: 'harbour', url: 'https://news.example/harbour', section: null };
const initial = <T>({ initial: it }: Setting<T>): T => it as T;
const account = () => Promise.resolve({ ageHours: 25, trusted: false, staff: false });
const judged = (text: string) =>
  screenComment(text, {
    author: { accountId: '1' },
    article,
    setting: initial,
    history: unread,
    account,
    recent: unread,
  });
/** Returns the code of the refusal, or undefined for a text that may be published. */
const refusalOf = async (text: string): Promise<string | undefined> => {
  const verdict = await judged(text);
  return verdict.verdict === 'refuse' ? verdict.code : undefined;
};
/** Returns the text that would be stored. */
const storedOf = async (text: string): Promise<string | undefined> => {
  const verdict = await judged(text);
  return verdict.verdict === 'publish' ? verdict.body : undefined;
};

/** Characters that turn text around, are invisible, join, stack, compose and decompose. */
const NASTY = [
  ['a', ' ', '\n', '\r', '\u0301', '\u0316', '\u200D', '\u200C', '\u202E', '\u2060', '\u{1F3F4}', '\u{E0067}'],
  ['\u{E0100}', '\uFE01', '葛', '\u2ADC', '=', '\u0338'],
  ['\u{E007F}', '👩', '\uFE0F', '\u1160', '\u1100', 'é', '\u00AD', '\u05B0', '\u0F71', '\u0F72', '\u0344'],
].flat();

describe('cleaning a text', () => {
  it.each([
    ['Vietnamese', 'Tôi đã đọc bài này, rất hay! Nguyễn Ánh'],
    ['Thai', 'น้ำใจไมตรีที่ดีนี้'],
    ['Devanagari', 'क्‍षत्रिय हिन्दी में टिप्पणी'],
    ['Devanagari with joiners', 'क\u094D\u200Dष र\u094D\u200Cय'],
    ['pointed Hebrew', 'בְּרֵאשִׁית בָּרָא אֱלֹהִים'.normalize('NFC')],
    ['Persian with ZWNJ', 'می\u200Cخواهم نامه\u200Cای بنویسم'],
    ['Arabic with tatweel and marks', 'مُحَمَّدٌ'.normalize('NFC')],
    ['a family', `We are ${FAMILY}.`],
    ['a heart on fire', '❤\uFE0F\u200D🔥'],
    ['skin and flags', '👍🏽 🇩🇪 🏳\uFE0F\u200D🌈'],
    ['the flag of England', `It is coming home ${ENGLAND}`],
    ['a keycap', '1\uFE0F\u20E3'],
    ['forms of ideographs and signs', '葛\u{E0100}城市の辻\u{E0101}さん ☺\uFE0E 0\uFE00 ≨\uFE00'],
    ['Korean', '안녕하세요'],
    ['lines and tabs', 'one\n\ttwo\n\nthree'],
    ['markup, which is only text', '<script>alert(1)</script> & "quotes"'],
  ])('leaves %s unchanged', async (_what, text) => {
    expect(cleanText(text)).toBe(text);
    expect(await storedOf(text)).toBe(text.trim());
  });

  it.each([
    ['bidi overrides', 'a\u202Eb\u202Dc\u202Ad\u202Be\u202Cf', 'abcdef'],
    ['bidi isolates', 'a\u2066b\u2067c\u2068d\u2069e', 'abcde'],
    ['direction marks', 'a\u200Eb\u200Fc\u061Cd', 'abcd'],
    ['C0 and C1', 'a\u0000b\u0007c\u001Bd\u007Fe\u0085f\u009Fg', 'abcdefg'],
    ['invisible operators', 'a\u2060b\u2061c\u2062d\u2063e\u2064f', 'abcdef'],
    ['a BOM, soft hyphen and grapheme joiner', '\uFEFFa\u00ADb\u034Fc', 'abc'],
    ['fillers', 'a\u115F\u1160b\u3164c\uFFA0d', 'abcd'],
    ['tags that spell a message', 'a\u{E0001}\u{E0068}\u{E0069}\u{E007F}b', 'ab'],
    ['tags in a flag that is none', `\u{1F3F4}${'\u{E0061}'.repeat(40)}\u{E007F}`, '\u{1F3F4}'],
    ['variants that spell a message', 'Hi\u{E0101}\u{E0158}\u{E0159} there\uFE01', 'Hi there'],
    ['all variants but one', '葛\u{E0100}\u{E0101}\uFE02 👍\uFE0F\uFE01\u{E0100}', '葛\u{E0100} 👍\uFE0F'],
    ['a flag that does not end', '\u{1F3F4}\u{E0067}\u{E0062}', '\u{1F3F4}'],
    ['every kind of line end', 'a\r\nb\rc\u2028d\u2029e', 'a\nb\nc\nd\ne'],
    ['decomposed letters', 'Zoe\u0308 cafe\u0301', 'Zoë café'],
    ['a tower of marks', `e${'\u0316'.repeat(50)}x`, `e${'\u0316'.repeat(4)}x`],
    ['a tower with joiners between', `e${'\u0316\u200D'.repeat(50)}x`, `e${'\u0316\u200D'.repeat(3)}\u0316\u200Dx`],
    ['a row of joiners', `a${'\u200C'.repeat(50)}b`, `a${'\u200C'.repeat(3)}b`],
  ])('removes %s', (_what, text, kept) => {
    expect(cleanText(text)).toBe(kept);
  });

  it.each([
    ['nothing', ''],
    ['spaces and lines', ' \n\t \u00A0\u3000'],
    ['zero width only', '\u200B\u200C\u200D\u2060\uFEFF'],
    ['Hangul fillers', '\u3164\uFFA0\u115F\u1160'],
    ['Braille blanks', '\u2800\u2800'],
    ['a musical nothing', '\u{1D159}'],
    ['marks on nothing', '\u0301\u0302'],
    ['tags', '\u{E0041}\u{E0042}'],
    ['direction', '\u202E\u2066'],
  ])('finds nothing to read in %s', async (_what, text) => {
    expect(saysSomething(cleanText(text))).toBe(false);
    expect(await refusalOf(text)).toBe('comment.empty');
  });

  it.each(['?', '!!!', '...', '—', '؟', '。'])('talk: publishes %s, which is an answer', async (text) => {
    expect(saysSomething(cleanText(text))).toBe(false); // a name or a title must say more
    expect(await storedOf(text)).toBe(text);
  });

  it('talk: keeps single marks of direction in a comment, and none in a name', async () => {
    const text = 'C++\u200E עברית \u200F(1)\u061C';
    expect(await storedOf(text)).toBe(text);
    expect(cleanText(text)).toBe('C++ עברית (1)');
    expect(await storedOf(`a${'\u200E\u200F'.repeat(500)}b`)).toBe('a\u200Eb');
    expect(await storedOf(`a${'\u200E\u2060'.repeat(500)}b`)).toBe('a\u200Eb');
    expect(await refusalOf('\u200E \u200F')).toBe('comment.empty');
  });

  it('talk: keeps pasted tables and indents, but no long empty space', async () => {
    const table = 'Route   Boats\nNorth\t    3\n  South   2';
    expect(await storedOf(`\n\n${table}   \n\n`)).toBe(table);
    expect(await storedOf('  if (x)\n    y();')).toBe('  if (x)\n    y();');
    expect(await storedOf('   Only one line')).toBe('Only one line');
    expect(await storedOf(`a${' '.repeat(3_000)}b`)).toBe(`a${' '.repeat(40)}b`);
  });

  it.each(['a', '1', '👍', '+', '€', '字', 'ا', 'न', FAMILY, ENGLAND, '½'])(
    'finds something to read in %s',
    async (text) => {
      expect(await refusalOf(text)).toBeUndefined();
    },
  );

  it('refuses half a surrogate pair', async () => {
    for (const text of ['\uD800', 'a\uDC00b', '\uDC00\uD800', `👍${'👍'[0]}`]) {
      expect(isWellFormed(text)).toBe(false);
      expect(await refusalOf(text)).toBe('comment.malformed');
    }
  });

  it('changes nothing when it cleans a text twice, and leaves no forbidden character', () => {
    const nasty = fc.constantFrom(...NASTY);
    fc.assert(
      fc.property(fc.array(nasty, { maxLength: 60 }), (parts) => {
        const once = cleanText(parts.join(''));
        expect(cleanText(once)).toBe(once);
        expect(once).not.toMatch(
          /[\u202A-\u202E\u2066-\u2069\u2060-\u2064\u00AD\u1160\r]|[\u{E0100}\uFE01\uFE0F]{2}|a[\u{E0100}\uFE01\uFE0F]/u,
        );
        expect(once.isWellFormed()).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Texts in which one grapheme has any number of code points. No line break divides a grapheme. */
const endless: [string, (n: number) => string][] = [
  ['Hangul initials', (n) => '\u1100'.repeat(n)],
  ['Hangul vowels', (n) => `\u1100${'\u1161'.repeat(n)}`],
  ['Hangul finals', (n) => `\u1100\u1161${'\u11A8'.repeat(n)}`],
  ['Devanagari conjuncts', (n) => `${'\u0915\u094D'.repeat(n / 2)}\u0937`],
  ['Bengali conjuncts with joiners', (n) => `${'\u0995\u09CD\u200D'.repeat(n / 3)}\u09B7`],
  ['joined emoji', (n) => `${'👩\u200D'.repeat(n / 2)}👦`],
  ['joined emoji with skins and forms', (n) => `${'👩🏽\uFE0F\u200D'.repeat(n / 4)}👦`],
  ['skins', (n) => `👍${'🏽'.repeat(n)}`],
  ['prepended signs', (n) => `${'\u0600'.repeat(n)}1`],
  ['spacing marks', (n) => `\u0BA8${'\u0BBE'.repeat(n)}`],
  ['Thai vowels', (n) => `\u0E01${'\u0E33'.repeat(n)}`],
];

describe('drawn: characters of many code points', () => {
  it.each(endless)('refuses or shortens endless %s', async (_what, make) => {
    const isEndless = hasOversizedGrapheme(cleanCharacters(make(400)));
    expect(await refusalOf(`Look: ${make(400)}`)).toBe(isEndless ? 'comment.malformed' : undefined);
    const cleaned = cleanText(`Look: ${make(400)} ${make(400)}${make(400)}`);
    for (const { segment } of graphemeSegments(cleaned)) expect(Array.from(segment).length).toBeLessThanOrEqual(16);
    expect(cleanText(cleaned)).toBe(cleaned);
  });

  it.each([
    ['a family', FAMILY],
    ['a kiss with skins', '👩🏽\u200D❤\uFE0F\u200D💋\u200D👨🏿'],
    ['a flag', ENGLAND],
    ['a Tibetan stack', 'ཧྐྵྨླྺྼྻྂ'],
    ['a Devanagari word', 'कार्त्स्न्य'],
    ['Hangul as it was written long ago', 'ᄅᆞᆯ'],
  ])('leaves %s unchanged', (_what, text) => {
    expect(hasOversizedGrapheme(text.repeat(20))).toBe(false);
  });

  it('refuses more lines and bytes than a comment needs', async () => {
    expect(await refusalOf('line\n'.repeat(300))).toBeUndefined();
    expect(await refusalOf('line\n'.repeat(301))).toBe('comment.too_long');
    expect(await refusalOf('a\n\n'.repeat(200))).toBe('comment.too_long');
    expect(await refusalOf('नमस्ते '.repeat(700))).toBeUndefined();
    expect(await refusalOf(`${'\u0E01\u0E49\u0E49\u0E49\u0E49'.repeat(3_500)}`)).toBe('comment.too_long');
  });
});

describe('the length of a text', () => {
  it('counts graphemes as a reader does', () => {
    expect(countGraphemes(FAMILY)).toBe(1);
    expect(countGraphemes(ENGLAND)).toBe(1);
    expect(countGraphemes('e\u0301')).toBe(1);
    expect(countGraphemes('नमस्ते')).toBeLessThan('नमस्ते'.length);
    expect(countGraphemes('🇩🇪🇫🇷')).toBe(2);
    expect(countGraphemes('')).toBe(0);
  });

  it('allows 5,000 graphemes at most', async () => {
    expect(await storedOf('é'.repeat(5_000))).toHaveLength(5_000);
    expect(await storedOf('👍'.repeat(5_000))).toHaveLength(10_000);
    expect(await refusalOf('é'.repeat(5_001))).toBe('comment.too_long');
    expect(await storedOf(` ${'x'.repeat(5_000)}  `)).toHaveLength(5_000); // trimmed characters do not count
  });

  it('is checked before anything else, so that an enormous text costs nothing', async () => {
    const normalize = jest.spyOn(String.prototype, 'normalize');
    const replace = jest.spyOn(String.prototype, 'replace');
    const wellFormed = jest.spyOn(String.prototype, 'isWellFormed');
    try {
      expect(await refusalOf('\u0301\u0316'.repeat(MOST_UNITS))).toBe('comment.too_long');
      expect(await refusalOf('x'.repeat(MOST_UNITS + 1))).toBe('comment.too_long');
      const calls = [normalize, replace, wellFormed].map((it) => it.mock.calls.length);
      expect(calls).toEqual([0, 0, 0]);
    } finally {
      jest.restoreAllMocks();
    }
  });

  /**
   * Compares eight small texts with one that is eight times as long. Linear work costs the same, and quadratic work
   * eight times as much.
   */
  it.each([
    ['spaces within', (n: number) => `a${' '.repeat(n - 2)}b`],
    ['lines of spaces', (n: number) => `a${' \t\n'.repeat(n / 3 - 1)}b`],
    ['empty lines', (n: number) => `a${'\n'.repeat(n - 2)}b`],
    ['marks by turns', (n: number) => `a${'\u0316\u0301'.repeat(n / 2 - 1)}`],
    ['marks with joiners', (n: number) => `a${'\u0316\u200D\u0301\u200C'.repeat(n / 4 - 1)}`],
    ['joiners', (n: number) => `a${'\u200D'.repeat(n - 2)}b`],
    ['black flags', (n: number) => '\u{1F3F4}'.repeat(n / 2)],
    ['flags that never end', (n: number) => `a\u{1F3F4}${'\u{E0067}'.repeat(n / 2 - 2)}b`],
    ['a chain of a family', (n: number) => '👩\u200D'.repeat(n / 3)],
    ['one long word', (n: number) => 'x'.repeat(n)],
    ['letters and full stops', (n: number) => 'xx.'.repeat(n / 3)],
    ['colons and slashes', (n: number) => 'http:/'.repeat(n / 6)],
  ])('costs linear work for %s', async (_what, make) => {
    const small = make(MOST_UNITS / 8);
    const large = make(MOST_UNITS);
    expect(large.length).toBeLessThanOrEqual(MOST_UNITS);
    const cost = async (text: string, times: number): Promise<number> => {
      const before = process.cpuUsage();
      for (let i = 0; i < times; i += 1) await refusalOf(text);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    // One undisturbed measurement of seven is enough, because other programs can only add to a measurement.
    const ratios: number[] = [];
    while (ratios.length < 7 && !ratios.some((it) => it < 4)) {
      const few = await cost(small, 80);
      ratios.push((await cost(large, 10)) / Math.max(few, 1));
    }
    expect(Math.min(...ratios)).toBeLessThan(4);
  });
});
