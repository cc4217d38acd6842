import { describe, expect, it } from '@jest/globals';
import {
  capitalsEffect,
  capitalsLetters,
  floodComments,
  mostEmoji,
  recentRejections,
  sameCharacters,
  sameWords,
} from '../../src/screening/behaviour.settings.js';
import type { ScreeningContext } from '../../src/screening/rule.js';
import { screenComment } from '../../src/screening/screen.js';
import { bannedPhrases, suspectPhrases } from '../../src/screening/words.settings.js';
import type { Setting } from '../../src/settings/setting.js';

interface Author {
  staff?: boolean;
  written?: number;
  removed?: number;
}

type Values = [Setting<never>, unknown][];
const on = (setting: unknown, value: unknown): [Setting<never>, unknown] => [setting as Setting<never>, value];

/** Screens a text with some settings changed. @returns "publish", or the verdict and its code */
async function verdictOn(body: string, values: Values, author: Author = {}): Promise<string> {
  const { staff = false, written = 0, removed = 0 } = author;
  const context: Omit<ScreeningContext, 'body'> = {
    author: { accountId: '1' },
    article: { id: '7', key: 'harbour', url: 'https://news.example/harbour', section: null },
    setting: ({ key, initial }) => (values.find(([it]) => it.key === key)?.[1] ?? initial) as never,
    account: () => Promise.resolve({ ageHours: 100, trusted: staff, staff }),
    history: () => Promise.resolve({ published: 100, removed: 0 }),
    recent: () => Promise.resolve({ written, removed }),
  };
  const verdict = await screenComment(body, context);
  return verdict.verdict === 'publish' ? 'publish' : `${verdict.verdict} ${verdict.code}`;
}

const SHOUT = 'THIS IS WRITTEN IN CAPITALS ALL OVER.';

describe('suspect words', () => {
  const list: Values = [on(suspectPhrases, ['clown', '傻逼'])];

  it('hold a comment, in any disguise, unless it is of staff', async () => {
    for (const text of ['What a clown.', 'What a c l 0 w n', '真是傻逼'])
      expect([text, await verdictOn(text, list)]).toEqual([text, 'hold held.suspect_words']);
    expect(await verdictOn('No clowns here.', list)).toBe('publish');
    expect(await verdictOn('What a clown.', list, { staff: true })).toBe('publish');
  });

  it('give way to banned ones, which are refused from staff, too', async () => {
    const both: Values = [...list, on(bannedPhrases, ['circus'])];
    for (const staff of [false, true])
      expect(await verdictOn('A clown in a circus', both, { staff })).toBe('refuse comment.banned_words');
  });
});

describe('capitals', () => {
  it('hold or refuse a comment, as the newsroom says', async () => {
    expect(await verdictOn(SHOUT, [])).toBe('publish');
    expect(await verdictOn(SHOUT, [on(capitalsEffect, 'hold')])).toBe('hold held.capitals');
    expect(await verdictOn(SHOUT, [on(capitalsEffect, 'hold')], { staff: true })).toBe('publish');
    for (const staff of [false, true])
      expect(await verdictOn(SHOUT, [on(capitalsEffect, 'refuse')], { staff })).toBe('refuse comment.capitals');
    expect(await verdictOn('ЭТО НАПИСАНО ЗАГЛАВНЫМИ БУКВАМИ', [on(capitalsEffect, 'hold')])).toBe('hold held.capitals');
  });

  it.each([
    ['few letters', 'YES! DO IT!'],
    ['a few words in capitals', 'The NATO and the UNESCO met in Paris with the WHO.'],
    ['a script without capitals', 'この文章には大文字がありません。とても長い文章です。'],
    ['letters and a script without capitals', 'NHK の番組は、とてもよかったです。また見たいと思います。'],
    ['seven in ten', `${'A'.repeat(14)}${'b'.repeat(6)}`],
  ])('do nothing to a text of %s', async (_what, text) => {
    expect(await verdictOn(text, [on(capitalsEffect, 'hold')])).toBe('publish');
  });

  it('count from as many letters as the newsroom says', async () => {
    const from = (letters: number): Values => [on(capitalsEffect, 'hold'), on(capitalsLetters, letters)];
    expect(await verdictOn('YES! DO IT!', from(7))).toBe('hold held.capitals');
    expect(await verdictOn('YES! DO IT!', from(8))).toBe('publish');
  });
});

describe('repeats', () => {
  const wall = '🙂'.repeat(12);
  it.each([
    ['a character in a row', sameCharacters, 10, 'Nooooooooooo', 'Noooooooo'],
    ['a sign in a row', sameCharacters, 10, 'What??????????', 'What???'],
    ['the same words', sameWords, 5, 'buy now buy now Buy NOW buy now buy now', 'no no no no'],
    ['emoji', mostEmoji, 12, wall, '🙂'.repeat(11)],
    ['flags', mostEmoji, 12, '🇩🇪'.repeat(12), '🇩🇪'.repeat(11)],
    ['families', mostEmoji, 3, '👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦👨‍👩‍👧‍👦'],
  ])('of %s hold a comment', async (_what, setting, least, text, fewer) => {
    const values: Values = [on(setting, least)];
    expect(await verdictOn(text, values)).toBe('hold held.repeats');
    expect(await verdictOn(text, values, { staff: true })).toBe('publish');
    expect(await verdictOn(fewer, values)).toBe('publish');
    expect(await verdictOn(text, [])).toBe('publish');
  });
});

describe('the author', () => {
  it('of removed comments is held', async () => {
    const values: Values = [on(recentRejections, 3)];
    expect(await verdictOn('Fine.', values, { removed: 2 })).toBe('publish');
    expect(await verdictOn('Fine.', values, { removed: 3 })).toBe('hold held.recent_rejections');
    expect(await verdictOn('Fine.', values, { removed: 3, staff: true })).toBe('publish');
    expect(await verdictOn('Fine.', [], { removed: 3 })).toBe('publish');
  });

  it('of many comments is held', async () => {
    const values: Values = [on(floodComments, 5)];
    expect(await verdictOn('Fine.', values, { written: 4 })).toBe('publish');
    expect(await verdictOn('Fine.', values, { written: 5 })).toBe('hold held.flood');
    expect(await verdictOn('Fine.', values, { written: 5, staff: true })).toBe('publish');
    expect(await verdictOn('Fine.', [], { written: 50 })).toBe('publish');
  });
});

describe('the order of the rules', () => {
  it('gives the reason of the first rule that holds, from the text to its author', async () => {
    const all: Values = [
      on(capitalsEffect, 'hold'),
      on(suspectPhrases, ['capitals']),
      on(sameCharacters, 10),
      on(recentRejections, 1),
      on(floodComments, 1),
    ];
    const author = { written: 1, removed: 1 };
    const shout = `${SHOUT} !!!!!!!!!!`;
    const seen: string[] = [];
    for (let from = 0; from <= all.length; from += 1) seen.push(await verdictOn(shout, all.slice(from), author));
    expect(seen).toEqual([
      'hold held.capitals',
      'hold held.suspect_words',
      'hold held.repeats',
      'hold held.recent_rejections',
      'hold held.flood',
      'publish',
    ]);
    expect(await verdictOn(shout, [...all, on(bannedPhrases, ['capitals'])], author)).toBe(
      'refuse comment.banned_words',
    );
  });
});
