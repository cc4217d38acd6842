import { currencyFormat, currencySign } from './currency-formats.js';
import { language } from './strings/translate.js';

/** Money in the API's form: whole minor units (cents, fils, or yen, which have none) and a lower-case ISO currency. */
export interface Money {
  amount: number;
  currency: string;
}

// Stripe's lists of zero- and three-decimal currencies; all others count in hundredths. Intl cannot be used, because it
// gives the króna and the forint no decimals, while Stripe charges both in hundredths.
const NONE = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf';
const THREE = 'bhd jod kwd omr tnd';

/** Returns the decimals of a currency's minor unit: 2, for some currencies 0 or 3. */
export function minorUnitsOf(currency: string): number {
  const code = currency.toLowerCase();
  if (NONE.split(' ').includes(code)) return 0;
  return THREE.split(' ').includes(code) ? 3 : 2;
}

/** Returns minor units as a decimal string: 435 is "4.35". It moves the point, because a division could be inexact. */
export function decimalOf(amount: number, minorUnits: number): string {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`Not a whole number of minor units: ${amount}`);
  const digits = String(Math.abs(amount)).padStart(minorUnits + 1, '0');
  const at = digits.length - minorUnits;
  return `${amount < 0 ? '-' : ''}${digits.slice(0, at)}${minorUnits ? `.${digits.slice(at)}` : ''}`;
}

/**
 * Formats money exactly, in the reader's language: "$10", "$4.35", "¥1,000". It sets the decimals, because Intl would
 * use its own, and leaves them out of round sums.
 */
export function formatMoney(
  { amount, currency }: Money,
  minorUnits = minorUnitsOf(currency),
  locale = language(),
): string {
  const decimal = decimalOf(amount, minorUnits);
  const round = /\.0+$/.test(decimal);
  // A string keeps every digit. An older browser turns it into a number, which is exact up to 15 digits.
  return currencyFormat(locale, currency, round ? 0 : minorUnits).format(decimal as Intl.StringNumericLiteral);
}

/** Returns the sign and the code that the reader's language writes beside an amount of this currency. */
export function marksOf(currency: string, locale = language()): string[] {
  const marks = (['symbol', 'narrowSymbol'] as const).map((form) => currencySign(locale, currency, form));
  return [...new Set([...marks, currency.toUpperCase()])].filter((it): it is string => it !== undefined);
}

/** Returns the sign or the code that stands beside a field for an amount. */
export const markOf = (currency: string, locale = language()): string => marksOf(currency, locale)[0] ?? currency;
