import { language } from './strings/translate.js';

/** Money as the API speaks it: whole minor units (cents, fils, or yen, which have none) and a lower-case ISO currency. */
export interface Money {
  amount: number;
  currency: string;
}

// Which currencies do not count in hundredths, in Stripe's reckoning (its list of zero- and three-decimal currencies).
// Never from Intl, which gives the króna and the forint no decimals: Stripe charges both in hundredths.
const NONE = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf';
const THREE = 'bhd jod kwd omr tnd';

/** How many decimals a currency's minor unit stands for: 2, for some 0 or 3. */
export function minorUnitsOf(currency: string): number {
  const code = currency.toLowerCase();
  if (NONE.split(' ').includes(code)) return 0;
  return THREE.split(' ').includes(code) ? 3 : 2;
}

/** A whole number of minor units as a decimal string, by moving the point and not by dividing: 435 is "4.35". */
export function decimalOf(amount: number, minorUnits: number): string {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`Not a whole number of minor units: ${amount}`);
  const digits = String(Math.abs(amount)).padStart(minorUnits + 1, '0');
  const at = digits.length - minorUnits;
  return `${amount < 0 ? '-' : ''}${digits.slice(0, at)}${minorUnits ? `.${digits.slice(at)}` : ''}`;
}

const formatOf = (currency: string, digits: number, locale: string) =>
  new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: currency.toUpperCase(),
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });

/**
 * Money in the reader's words and exact: "$10", "$4.35", "¥1,000". The decimals are told to Intl, which would take its
 * own; round sums go without.
 */
export function formatMoney(
  { amount, currency }: Money,
  minorUnits = minorUnitsOf(currency),
  locale = language(),
): string {
  const decimal = decimalOf(amount, minorUnits);
  const round = /\.0+$/.test(decimal);
  // A string keeps every digit; a browser that does not know this yet makes a number of it, exact up to 15 digits.
  return formatOf(currency, round ? 0 : minorUnits, locale).format(decimal as Intl.StringNumericLiteral);
}

/** What the reader's language writes beside an amount of this currency: "$", and its code. */
export function marksOf(currency: string, locale = language()): string[] {
  const marks = (['symbol', 'narrowSymbol'] as const).map(
    (currencyDisplay) =>
      new Intl.NumberFormat(locale, { style: 'currency', currency: currency.toUpperCase(), currencyDisplay })
        .formatToParts(0)
        .find((it) => it.type === 'currency')?.value,
  );
  return [...new Set([...marks, currency.toUpperCase()])].filter((it): it is string => it !== undefined);
}

/** The sign or the code that stands beside a field for an amount. */
export const markOf = (currency: string, locale = language()): string => marksOf(currency, locale)[0] ?? currency;
