import { afterAll, describe, expect, it } from '@jest/globals';

/** Counts the formatters that are made from here on, by their kind. */
const made: string[] = [];
const kinds = [
  'NumberFormat',
  'DateTimeFormat',
  'RelativeTimeFormat',
  'PluralRules',
  'ListFormat',
  'Segmenter',
] as const;
const originals = kinds.map((it) => Intl[it]);
for (const kind of kinds) {
  const make = {
    construct: (target: object, args: unknown[]) => (made.push(kind), Reflect.construct(target as never, args)),
  };
  Object.assign(Intl, { [kind]: new Proxy(Intl[kind], make as never) });
}
afterAll(() => kinds.forEach((it, at) => Object.assign(Intl, { [it]: originals[at] })));

const { fullTime, relativeTime, translator } = await import('../../web/shared/strings/translate.js');
const { countGraphemes, listFormat } = await import('../../web/shared/strings/formats.js');
const { formatMoney, marksOf } = await import('../../web/shared/money.js');

describe('tab: the formatters of a page', () => {
  it('are made once for a language when a thousand comments are drawn', () => {
    const t = translator({ n: { one: '{n} like', other: '{n} likes' } });
    const draw = (n: number) => {
      const iso = new Date(Date.UTC(2026, 10, 30, 12) - n * 36_000_000).toISOString();
      t('n', { n });
      for (const locale of ['en', 'de']) {
        relativeTime(iso, Date.UTC(2026, 10, 30, 13), locale);
        formatMoney({ amount: 1_050 + n, currency: 'eur' }, 2, locale);
        marksOf('eur', locale);
      }
      fullTime(iso);
      listFormat('en').format(['a', 'b']);
      countGraphemes('👩‍👩‍👧');
    };
    for (let n = 0; n < 1_000; n += 1) draw(n);
    const counts = Object.fromEntries(kinds.map((kind) => [kind, made.filter((it) => it === kind).length]));
    expect(counts).toEqual({
      // In English the plain one; in each language the amounts with and without decimals, and two signs.
      NumberFormat: 9,
      // In each language the day and the day with its year; in that of the page the full time.
      DateTimeFormat: 5,
      RelativeTimeFormat: 2,
      PluralRules: 1,
      ListFormat: 1,
      Segmenter: 1,
    });
  });
});
