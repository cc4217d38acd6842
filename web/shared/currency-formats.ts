import { numberFormat, once } from './strings/formats.js';

/** Returns the formatter of a currency's amounts with exactly so many decimals. */
export const currencyFormat = once(
  (locale: string, currency: string, decimals: number) =>
    new Intl.NumberFormat(locale, {
      style: 'currency',
      currency: currency.toUpperCase(),
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    }),
);

/** Returns the sign or the code that a language writes beside an amount, in the short or the shortest form. */
export const currencySign = once(
  (locale: string, currency: string, currencyDisplay: 'symbol' | 'narrowSymbol') =>
    new Intl.NumberFormat(locale, { style: 'currency', currency: currency.toUpperCase(), currencyDisplay })
      .formatToParts(0)
      .find((it) => it.type === 'currency')?.value,
);

/** Returns the sign that a language writes between thousands. */
export const groupSign = once(
  (locale: string): string | undefined =>
    numberFormat(locale)
      .formatToParts(1_234_567)
      .find((it) => it.type === 'group')?.value,
);
