import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DisplayName } from '../../src/accounts/profiles/display-name.js';
import { normaliseCode } from '../../src/accounts/sessions/tokens.js';
import { imitates, isReservedName, nameSkeleton } from '../../src/accounts/profiles/look-alike.js';
import { EmailAddress } from '../../src/accounts/profiles/email-address.js';
import { TestApp } from '../support/app.js';

describe('names: a display name', () => {
  it.each([
    ['Nguyễn Văn Ánh'],
    ['สมชาย ใจดี'],
    ['अमित शर्मा'],
    ['山田たろう'],
    ['김철수'],
    ['علی رضایی'],
    ['می\u200Cخواهم'], // Persian needs its joiner
    ['שלום'],
    ['Борис'],
    ['O’Neil'],
    ['👩\u200D👩\u200D👧 Mum'],
    ['Zoë 2'],
    ['x'.repeat(32)],
    ['李'],
    ['Ø'],
    ['Anna 安娜'],
    ['Kenji けんじ 健二'],
    ['Min-jun 김민준'],
    ['DJ ケン'],
    ['Wei ㄨㄟˊ'],
  ])('is accepted unchanged: %s', (name) => {
    expect(DisplayName.parse(name)).toBe(name);
  });

  it.each([
    ['  Ann   Reader ', 'Ann Reader'],
    ['Ann\u00A0\t\nReader', 'Ann Reader'],
    ['Ａｎｎ', 'Ann'], // wide letters
    ['A\u202Enn\u2066', 'Ann'], // direction
    ['An\u200Bn\u00ADa\uFEFF', 'Anna'],
    ['Zoe\u0308', 'Zoë'],
    ['An\u{E0101}\u{E0158}na\uFE01', 'Anna'], // variants of letters that have none
  ])('is cleaned: %j', (typed, kept) => {
    expect(DisplayName.parse(typed)).toBe(kept);
  });

  it.each([
    ['nothing', '  '],
    ['one digit', '1'],
    ['one emoji', '👍'],
    ['a check mark', 'Anna ✓'],
    ['a heavy check mark', '✔\uFE0F Anna'],
    ['a green check mark', 'Anna ✅'],
    ['a ballot box', 'Anna ☑'],
    ['a root that looks like a check mark', 'Anna √'],
    ['a character of many parts', '\u1100'.repeat(30)],
    ['many characters of many parts', `${'\u1100'.repeat(12)} `.repeat(12)],
    ['Cyrillic and Han', 'Анна 安娜'],
    ['too long', 'x'.repeat(33)],
    ['fillers only', '\u3164\u3164\u115F'],
    ['joiners only', '\u200D\u200C\u200D'],
    ['punctuation only', '...'],
    ['a broken character', 'Ann\uD800'],
    ['stacked diacritics', 'Z\u0300\u0301\u0302\u0303o'],
    ['two scripts', 'Annа'], // the last letter is Cyrillic
    ['Latin and Cherokee', 'Ꭰnn'],
    ['an address', 'ann@example.test'],
    ['a wide address', 'ann＠example'],
    ['a link', 'https://x.test'],
    ['markup', '<b>Ann'],
    ['far too long', 'a'.repeat(201)],
  ])('is refused: %s', (_why, name) => {
    expect(DisplayName.safeParse(name).success).toBe(false);
  });

  it.each(
    [
      [
        'Admin',
        'ADMIN',
        'AdmIn',
        'Adm1n',
        'Admln',
        'M0derator',
        'ａｄｍｉｎ',
        'Αdmіn',
        'admin\u200D',
        'A d m i n',
        'A.d.m.i.n',
      ],
      ['The Moderators', 'Moderator 2', 'Editor', 'Staff', 'rostra', 'Support', 'Modеrаtor', 'Administrator'],
      [
        'Moderator Anna',
        'Admin Team',
        'Support Team',
        'Anna [Staff]',
        'Anna (moderator)',
        'ModeratorAnna',
        'A d m i n Anna',
      ],
      [
        'Anna_Mod',
        'Official Anna',
        'Verified',
        'Adm!n',
        '$taff',
        'Mod3rator',
        'St4ff Anna',
        'M〇derator',
        'Team Admins',
      ],
      ['Модератор Анна', 'Anna-Redaktion'],
      ['The Harbour Post', 'Harbour Post', 'Harbour Post Team', 'HarbourPost', 'The Harb0ur Post'],
    ].flat(),
  )('is reserved when it could pass for the site: %s', (name) => {
    expect(isReservedName(name, 'The Harbour Post')).toBe(true);
  });

  it.each([
    'Ann Reader',
    'Sam Editorial',
    'Edith',
    'Harbour',
    'Post',
    'Adminah',
    'Stafford',
    'Wagstaff',
    'Modern',
    'Modesty B',
    'Anna Supporter',
    'Systematic Sue',
    '李',
  ])('is not reserved: %s', (name) => {
    expect(isReservedName(name, 'The Harbour Post')).toBe(false);
  });

  it('has the same skeleton as a name that looks alike', () => {
    for (const [one, other] of [
      ['Iimes', 'limes'],
      ['Modem', 'Modern'],
      ['Paul', 'Раul'],
      ['Bob O', 'B0B 0'],
    ])
      expect(nameSkeleton(one!)).toBe(nameSkeleton(other!));
  });
});

describe('names: a name with the words of another', () => {
  it.each([
    'Anna Berg',
    'Berg Anna',
    'Berg, Anna',
    'The real Anna Berg',
    'Anna M. Berg',
    'AnnaBerg22',
    'anna-berg',
    'berganna',
    'Anna B e r g',
    'Аnnа Bеrg', // with Cyrillic letters
  ])('imitates the person: %s', (name) => {
    expect(imitates(name, 'Anna Berg')).toBe(true);
  });

  it.each(['Anna', 'Berg', 'Anna Berger', 'Annabel Berg', 'Hanna Berg', 'Anna Bergman'])(
    'does not imitate the person: %s',
    (name) => {
      expect(imitates(name, 'Anna Berg')).toBe(false);
      expect(imitates(`${name} Smith`, name)).toBe(name.includes(' '));
    },
  );
});

describe('names: a name that looks like one of staff', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
    await app.reader('Clara Moore', 'moderator');
  });
  afterAll(() => app.stop());

  it.each([
    'Clara Moore',
    'clara moore',
    'CIara Moore',
    'Clara M00re',
    'C1ara  Moore',
    'ClaraMoore',
    'Moore Clara',
    'Clara Moore (team)',
    'Harbour Post',
    'Moderator',
  ])('is refused at registration and on renaming: %s', async (displayName) => {
    const asked = await app.anonymous().post('/accounts', { email: 'poser@example.test', displayName });
    expect([asked.status, asked.body.code]).toEqual([422, 'name.taken']);
    const ann = await app.reader('Ann Reader');
    const renamed = await ann.patch('/me', { displayName });
    expect([renamed.status, renamed.body.code]).toEqual([422, 'name.taken']);
    expect((await ann.get('/me')).body.displayName).toBe('Ann Reader');
  });

  it('is allowed for its owner, and readers may share a name', async () => {
    const [mod] = [await app.reader('Nora Hill', 'moderator')];
    expect((await mod.patch('/me', { displayName: 'Nora  HiII' })).body.displayName).toBe('Nora HiII');
    const one = await app.reader('Ann Reader');
    const two = await app.reader('Ben Other');
    expect((await two.patch('/me', { displayName: 'Ann Reader' })).status).toBe(200);
    expect((await one.patch('/me', { displayName: 'Ann Reader' })).status).toBe(200);
  });
});

describe('talk: a code that is typed', () => {
  it.each(['7KQ4-M2XD', '7kq4m2xd', '７ＫＱ４－Ｍ２ＸＤ', '７kq４ m２xd', ' 7KQ4–M2XD '])(
    'is understood as %j',
    (typed) => {
      expect(normaliseCode(typed)).toBe('7KQ4M2XD');
    },
  );
});

describe('an e-mail address (talk: also of an international domain)', () => {
  it.each([
    ['ann@example.test', 'ann@example.test'],
    ['  Ann.O_Neil+news@Example.Test\r\n', 'ann.o_neil+news@example.test'],
    [`${'b'.repeat(64)}@${'a'.repeat(61)}.${'a'.repeat(61)}.${'a'.repeat(61)}.tst`, undefined],
    ["o'neil@xn--bcher-kva.example", "o'neil@xn--bcher-kva.example"],
    ["o'neil@bücher.example", "o'neil@xn--bcher-kva.example"],
    ['Ann@BU\u0308CHER.Example', 'ann@xn--bcher-kva.example'],
    ['ann@пошта.укр', 'ann@xn--80a1acn3a.xn--j1amh'],
    ['ann@例え.テスト', 'ann@xn--r8jz45g.xn--zckzah'],
  ])('is normalised: %j', (typed, kept) => {
    expect(EmailAddress.parse(typed)).toBe(kept ?? typed);
  });

  it.each(
    [
      [
        '',
        '@',
        'ann',
        'ann@',
        'ann@localhost',
        'ann@example',
        '@example.test',
        'ann@@example.test',
        'ann@b@example.test',
        'a b@example.test',
      ],
      [
        '"ann"@example.test',
        '"a@b.test x"@evil.test',
        'ann(note)@example.test',
        'ann@example.test(x)',
        'Ann <ann@example.test>',
      ],
      [
        'ann@example.test,ben@example.test',
        'ann@example.test;ben@x.test',
        'group:ann@example.test;',
        'ann@[127.0.0.1]',
      ],
      [
        'ann@example.test\nbcc: ben@x.test',
        'ann\r\n@example.test',
        'ann\u0000@example.test',
        'ann@example..test',
        '.ann@example.test',
      ],
      ['ann.@example.test', 'a..b@example.test', 'ann@-x.test', 'ann@x-.test', 'ann@example.test.', 'änn@example.test'],
      ['ann＠example.test', 'ann@example。test', '\u212Aann@example.test', 'ann@\u212A.test', 'ａnn@example.test'],
      ['İ@example.test', 'ann\u200B@example.test', 'ann@example.test\u202E', `${'a'.repeat(65)}@example.test`],
      [`a@${'b'.repeat(64)}.test`, `a@${'b.'.repeat(130)}test`],
    ].flat(),
  )('is refused: %j', (typed) => {
    expect(EmailAddress.safeParse(typed).success).toBe(false);
  });
});
