import { describe, expect, it, jest } from '@jest/globals';
import { FoldedText } from '../../src/screening/words/folded-text.js';
import { PhraseAutomaton } from '../../src/screening/words/phrase-automaton.js';
import { isSearchable, PhraseMatcher } from '../../src/screening/words/phrase-matcher.js';
import { Random, seedOfRun } from '../support/random.js';
import { BANNED, INNOCENT } from './innocent.js';
import { makePhrases, makeSentence, SCRIPTS, TRICKS } from './phrase-grammar.js';

const found = (phrases: string | string[], text: string): string | undefined =>
  new PhraseMatcher([phrases].flat()).find(new FoldedText(text))?.written;

describe('a phrase', () => {
  it.each([
    ['in capitals', 'You IDIOT!', 'IDIOT'],
    ['with accents', 'you ïdìôt', 'ïdìôt'],
    ['with zero-width characters', 'you id\u200Bi\u200D\u00ADot', 'id\u200Bi\u200D\u00ADot'],
    ['in wide letters', 'ｉｄｉｏｔ', 'idiot'],
    ['in letters of mathematics', '𝓲𝓭𝓲𝓸𝓽', 'idiot'],
    ['in letters in circles and squares', 'ⓘ🅓ⓘ🅾ⓣ', 'i🅓i🅾t'],
    ['in small capitals', 'ɪᴅɪᴏᴛ', 'ɪᴅɪᴏᴛ'],
    ['with Cyrillic letters', 'you іdіоt', 'іdіоt'],
    ['with Greek letters', 'you ιdιοt', 'ιdιοt'],
    ['with digits', 'you 1d10t', '1d10t'],
    ['with signs', 'you !d!ot, you id|ot', 'id|ot'],
    ['with spaces', 'you i d i o t you', 'i d i o t'],
    ['with spaces and a word before', 'what a i d i o t', 'i d i o t'],
    ['with dots', 'i.d.i.o.t', 'i.d.i.o.t'],
    ['with dots and spaces', 'i. d. i. o. t.', 'i. d. i. o. t'],
    ['with digits and spaces', '1 d 1 0 t', '1 d 1 0 t'],
    ['with a hyphen', 'id-iot', 'id-iot'],
    ['with an underscore', 'id_iot', 'id_iot'],
    ['with emoji', 'i🙂d🙂i🙂o🙂t', 'i🙂d🙂i🙂o🙂t'],
    ['line by line', 'i\nd\ni\no\nt', 'i\nd\ni\no\nt'],
    ['with repeated letters', 'you idiooooot', 'idiooooot'],
    ['with each letter twice', 'you iiddiioott', 'iiddiioott'],
    ['before a number', 'idiot2', 'idiot'],
    ['between emoji', '🙂idiot🙂', 'idiot'],
    ['among Chinese', '你idiot吗', 'idiot'],
    ['in the possessive', 'the idiot’s car', 'idiot'],
  ])('is found %s', (_how, text, written) => {
    expect(found('idiot', text)).toBe(written);
  });

  it.each([
    ['idiot', 'Idiotie und idiotisch'],
    ['idiot', 'His idio teaches'],
    ['ass', 'as, As, a s and class'],
    ['hell', 'He’ll come, shell'],
    ['cop', 'He and his coop'],
    ['god', 'good'],
    ['con', 'coon'],
    ['bum', 'burn'],
    ['fail', 'fall'],
    ['white power', 'The fence is white. Power is cheap.'],
    ['penis', 'the pen—is mightier'],
    ['penis', 'Hier ist der Pen.Is it?'],
    ['ass', 'the motorway A55'],
    ['tit', 'train T17'],
    ['cop', 'Уберите сор из избы'],
  ])('“%s” is not found in “%s”', (phrase, text) => {
    expect(found(phrase, text)).toBeUndefined();
  });

  it('keeps two equal letters apart from one', () => {
    expect(found('ass', 'asssss')).toBe('asssss');
    expect(found('ass', 'aaaaas')).toBeUndefined();
    expect(found('asshole', 'aaassshooole')).toBe('aaassshooole');
    expect(found('schifffahrt', 'Schifffahrt')).toBe('Schifffahrt');
  });

  it('is found with another number of spaces and signs between its words, but not across sentences', () => {
    for (const text of ['white power', 'White  Power!', 'white-power', 'white\npower', 'wh1te pоwer', 'white, power'])
      expect([text, found('white power', text) !== undefined]).toEqual([text, text !== 'white, power']);
  });

  it('is the beginning of words when it ends with an asterisk', () => {
    expect(found('idiot*', 'die Idiotenwiese')).toBe('Idiotenwiese');
    expect(found('idiot*', 'ein Vollidiot')).toBeUndefined();
    expect(found('as*', 'assess')).toBe('assess');
  });

  it.each([
    ['傻逼', '你真是傻逼吧'],
    ['傻逼', '你真是傻*逼吧'],
    ['ばか', 'おまえはばかだ'],
    ['โง่', 'คุณโง่มาก'],
    ['바보', '너는 바보 야'],
    ['хуй', 'пошёл на хyй'],
    ['сука', 'ах ты СУКА'],
    ['сука', 'с у к а'],
    ['كلب', 'يا كَلْب'],
    ['🖕', 'ok 🖕🏽🖕'],
    ['88', 'Gruß 88!'],
    ['Straße', 'STRASSE'],
    ['μαλάκας', 'ΜΑΛΑΚΑΣ'],
  ])('“%s” is found in “%s”', (phrase, text) => {
    expect(found(phrase, text)).toBeDefined();
  });

  it.each([
    ['कल', 'काल'],
    ['か', 'が'],
    ['바보', '바보야'],
    ['88', '1988'],
  ])('“%s” is not found in “%s”', (phrase, text) => {
    expect(found(phrase, text)).toBeUndefined();
  });

  it('cannot be searched for when it has signs only', () => {
    expect(['*', '***', '!?', '  ', '\u200B'].filter(isSearchable)).toEqual([]);
    expect(['a', '8', '🖕', '傻', 'a*'].filter((it) => !isSearchable(it))).toEqual([]);
  });
});

describe('the innocent list', () => {
  it('has more than 200 words and sentences, and no hit', () => {
    const matcher = new PhraseMatcher(BANNED);
    const hits = INNOCENT.flatMap((text) => {
      const hit = matcher.find(new FoldedText(text));
      return hit ? [`${text}: ${hit.phrase} (${hit.written})`] : [];
    });
    expect(hits).toEqual([]);
    expect(INNOCENT.length).toBeGreaterThan(200);
    expect(new Set(INNOCENT).size).toBe(INNOCENT.length);
  });

  it('contains the banned words as parts of words', () => {
    const squeezed = INNOCENT.map((it) => it.toLowerCase().replace(/[^\p{L}]/gu, ''));
    const missing = BANNED.filter((it) => !squeezed.some((text) => text.includes(it)));
    expect(missing).toEqual([]);
    expect(new PhraseMatcher(BANNED).find(new FoldedText('What an ass.'))).toEqual({ phrase: 'ass', written: 'ass' });
  });
});

describe('5,000 phrases of many scripts', () => {
  const seed = seedOfRun();
  const random = new Random(seed);
  const made = makePhrases(random, 5_000);
  const matcher = new PhraseMatcher(made.map((it) => it.text));

  it(`are not found in sentences without them (seed ${seed})`, () => {
    const sentences = SCRIPTS.flatMap((script) => Array.from({ length: 20 }, () => makeSentence(random, script)));
    expect(sentences.filter((it) => matcher.find(new FoldedText(it)))).toEqual([]);
  });

  it.each(TRICKS)(`are found with $name (seed ${seed})`, ({ scripts, play }) => {
    const fitting = made.filter(({ script }) => scripts?.includes(script.name) ?? true);
    const missed = Array.from({ length: 40 }, () => random.pick(fitting)).filter(
      ({ text, script }) => !matcher.find(new FoldedText(makeSentence(random, script, play(text)))),
    );
    expect(missed.map((it) => it.text)).toEqual([]);
  });
});

describe('the work of a search', () => {
  /** Counts the transitions that a search looks up. */
  function steps(phrases: string[], text: string): number {
    const matcher = new PhraseMatcher(phrases);
    const next = jest.spyOn(PhraseAutomaton.prototype, 'next');
    try {
      matcher.find(new FoldedText(text));
      return next.mock.calls.length;
    } finally {
      next.mockRestore();
    }
  }

  it.each([
    ['one letter', 'a'],
    ['beginnings of a phrase', 'ababababac '],
    ['letters apart', 'a b '],
    ['strokes', 'a1b!c '],
    ['Cyrillic look-alikes', 'aа'],
    ['dots', 'a.'],
    ['hyphens', 'ab-'],
    ['a ligature of eighteen letters', 'ﷺ'],
    ['marks', 'a\u0301\u0302\u0303'],
  ])('grows with the length of a text of %s only', (_what, part) => {
    const nested = Array.from({ length: 50 }, (_it, n) => `${'ab'.repeat(n + 1)}x`);
    const text = (length: number): string => part.repeat(Math.ceil(length / part.length)).slice(0, length);
    const [half, whole] = [steps(nested, text(5_000)), steps(nested, text(10_000))];
    expect(whole).toBeLessThanOrEqual(2 * half + 100);
    // Each letter of up to three readings costs one step forward and at most one back.
    expect(whole).toBeLessThanOrEqual(6 * new FoldedText(text(10_000)).plain.length + 10);
  });

  it('does not grow with the number of phrases', () => {
    const random = new Random(1);
    const phrases = makePhrases(random, 5_000).map((it) => it.text);
    const text = makeSentence(random, SCRIPTS[0]!).repeat(30);
    expect(steps(phrases, text)).toBeLessThanOrEqual(6 * text.length);
  });
});
