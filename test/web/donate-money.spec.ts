import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readAmount } from '../../web/embed/donate/amount.js';
import { decimalOf, formatMoney, minorUnitsOf } from '../../web/shared/money.js';

const plain = (text: string) => text.replace(/\s/g, ' ');

describe('money', () => {
  it.each([
    ['usd', 1000, '$10'],
    ['usd', 435, '$4.35'],
    ['usd', 1999, '$19.99'],
    ['gbp', 50, '£0.50'],
    ['jpy', 1000, '¥1,000'],
    ['kwd', 1500, 'KWD 1.500'],
    ['huf', 200_000, 'HUF 2,000'], // Intl says that neither has decimals
    ['huf', 200_050, 'HUF 2,000.50'],
    ['isk', 50_000, 'ISK 500'],
    ['usd', 90_071_992_547_409_91, '$90,071,992,547,409.91'],
  ])('formats %s %d as %s', (currency, amount, text) => {
    expect(plain(formatMoney({ currency, amount }, undefined, 'en'))).toBe(text);
  });

  it('uses the given number of decimals', () => {
    expect(plain(formatMoney({ currency: 'isk', amount: 500 }, 0, 'en'))).toBe('ISK 500');
    expect(() => decimalOf(4.35, 2)).toThrow(RangeError);
    expect(['JPY', 'usd', 'KWD', 'isk', 'HUF'].map(minorUnitsOf)).toEqual([0, 2, 3, 2, 2]);
  });
});

describe('a typed amount', () => {
  it.each([
    ['4,35', 'eur', 435],
    ['4.35', 'usd', 435],
    ['19.99', 'usd', 1999],
    ['1 000', 'usd', 100_000],
    ['1\u202f000,50', 'eur', 100_050],
    ['1,000', 'eur', 100_000],
    ['1.000,00', 'eur', 100_000],
    ['1,234.500', 'usd', 123_450],
    ['12345.500', 'usd', 1_234_550],
    ['1,234.50', 'usd', 123_450],
    ['1.234,5', 'eur', 123_450],
    ["1'234.50", 'chf', 123_450],
    ['1,00,000', 'inr', 10_000_000],
    ['1.000.000', 'eur', 100_000_000],
    ['$5', 'usd', 500],
    ['5 €', 'eur', 500],
    ['USD 5', 'usd', 500],
    ['5.–', 'chf', 500],
    ['4.', 'usd', 400],
    ['.5', 'usd', 50],
    ['0.500', 'usd', 50],
    ['007', 'usd', 700],
    ['٤٫٣٥', 'usd', 435],
    ['۱۲۰', 'usd', 12_000],
    ['４．３５', 'usd', 435],
    ['1000', 'jpy', 1000],
    ['1,000', 'jpy', 1000],
    ['100.00', 'jpy', 100],
    ['1.5', 'kwd', 1500],
    ['1.250', 'kwd', 1250],
    ['1,250', 'kwd', 1_250_000], // in English a comma groups
    ['1.250,000', 'kwd', 1_250_000],
    ['٤٫٣٥٠', 'kwd', 4350],
    ['5000', 'huf', 500_000],
  ])('reads %s in %s as %d', (typed, currency, amount) => {
    expect(readAmount(typed, currency, minorUnitsOf(currency), 'en')).toEqual({ amount });
  });

  it("follows the page's language where three decimals could be thousands", () => {
    expect(readAmount('1.250', 'eur', 2, 'de')).toEqual({ amount: 125_000 });
    expect(readAmount('1 250', 'eur', 2, 'fr')).toEqual({ amount: 125_000 });
    expect(readAmount('1.250', 'kwd', 3, 'de')).toEqual({ amount: 1_250_000 });
    expect(readAmount('1,250', 'kwd', 3, 'de')).toEqual({ amount: 1250 });
  });

  it.each([
    ['', 'usd', 'empty'],
    ['  ', 'usd', 'empty'],
    ['$', 'usd', 'empty'],
    ['five', 'usd', 'unreadable'],
    ['-5', 'usd', 'unreadable'],
    ['£5', 'usd', 'unreadable'],
    ['5k', 'usd', 'unreadable'],
    ['1e3', 'usd', 'unreadable'],
    ['1.2.3', 'usd', 'unreadable'],
    ['1 00', 'usd', 'unreadable'],
    ['1,2345.00', 'usd', 'unreadable'],
    ['9'.repeat(40), 'usd', 'unreadable'],
    ['1e3', 'jpy', 'unreadable'],
    ['12345.678', 'usd', 'too_fine'],
    ['7.555', 'usd', 'too_fine'],
    ['$ 7.555', 'usd', 'too_fine'],
    ['７．５５５', 'usd', 'too_fine'],
    ['1.000', 'usd', 'too_fine'], // one or a thousand, so the reader is asked
    ['7,5555', 'usd', 'too_fine'],
    ['10.5', 'jpy', 'too_fine'],
    ['1.2345', 'kwd', 'too_fine'],
  ])('refuses "%s" in %s as %s', (typed, currency, trouble) => {
    expect(readAmount(typed, currency, minorUnitsOf(currency), 'en')).toEqual({ trouble });
  });

  it('is read back to the minor unit in every format', () => {
    const currencies = fc.constantFrom('usd', 'eur', 'jpy', 'kwd', 'isk', 'huf', 'inr', 'chf');
    const locales = fc.constantFrom('en', 'de', 'fr', 'de-CH', 'ar-EG', 'fa', 'hi', 'en-IN', 'pl', 'pt', 'ja', 'sv');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999 }), currencies, locales, (amount, currency, locale) => {
        const written = formatMoney({ amount, currency }, undefined, locale);
        expect(readAmount(written, currency, minorUnitsOf(currency), locale)).toEqual({ amount });
      }),
    );
  });
});
