import { groupSign } from '../../shared/currency-formats.js';
import { marksOf } from '../../shared/money.js';
import { language } from '../../shared/strings/translate.js';

/** A typed amount in whole minor units, or the reason why it is none: empty, unreadable, or finer than the currency. */
export type TypedAmount = { amount: number } | { trouble: 'empty' | 'unreadable' | 'too_fine' };

/** This is longer than any donation and far below the limit of whole numbers. */
const MAX_DIGITS = 12;

/** Replaces the digits of any script by 0 to 9. Unicode guarantees that each script has its ten digits in one row. */
function latinDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    let value = 0;
    while (/^\p{Nd}$/u.test(String.fromCodePoint(digit.codePointAt(0)! - value - 1))) value += 1;
    return String(value % 10);
  });
}

/**
 * Removes the currency's own sign or code from either end. The sign of another currency stays, and makes the text no
 * amount.
 */
function withoutCurrencySign(text: string, currency: string, locale: string): string {
  for (const mark of marksOf(currency, locale).map((it) => it.normalize('NFKC').toLowerCase())) {
    if (text.startsWith(mark)) return text.slice(mark.length).trim();
    if (text.endsWith(mark)) return text.slice(0, -mark.length).trim();
  }
  return text;
}

/** Accepts 1 234 and 12 34 567 (as in India), but not 1 2. Each gap holds the same sign. */
const isGrouped = (text: string, sign: string): boolean => {
  const [first = '', ...rest] = text.split(sign);
  return (
    /^[1-9]\d{0,2}$/.test(first) && rest.every((it, i) => it.length === 3 || (i < rest.length - 1 && it.length === 2))
  );
};

/**
 * Splits the text at the decimal sign.
 * @returns undefined where the signs make no sense; `isUnclear` where "1.000" may be one or a thousand
 */
function split(
  text: string,
  minorUnits: number,
  locale: string,
): [whole: string, part: string, isUnclear?: boolean] | undefined {
  const signs = [...new Set(text.replace(/\d/g, ''))];
  if (signs.length === 0) return [text, ''];
  const last = text.replace(/\d/g, '').at(-1)!;
  const once = text.indexOf(last) === text.lastIndexOf(last);
  if (signs.length === 2 && once && last !== ' ') {
    const [whole = '', part = ''] = text.split(last);
    return isGrouped(
      whole,
      signs.find((it) => it !== last)!,
    )
      ? [whole.replace(/\D/g, ''), part]
      : undefined;
  }
  if (signs.length > 1) return undefined;
  // There is one kind of sign. Three digits after it are thousands if the page's language groups with that sign or the
  // currency has no decimals, and else decimals, because a guess could take a thousand times the amount.
  const grouped = last !== '٫' && isGrouped(text, last);
  const decimal = once && minorUnits > 0 && last !== ' ' && last !== groupSign(locale);
  if (grouped && !decimal) return [text.replace(/\D/g, ''), ''];
  if (!once || last === ' ') return undefined;
  const [whole = '', part = ''] = text.split(last);
  return [whole, part, grouped && minorUnits < 3];
}

/**
 * Reads an amount in any usual format: "4,35", "4.35", "1 000", "1.234,50", "$5", "٤٫٣٥". It moves digits and never
 * makes a floating-point number.
 */
export function readAmount(typed: string, currency: string, minorUnits: number, locale = language()): TypedAmount {
  const plain = latinDigits(typed.normalize('NFKC').replace(/[\u200e\u200f\u061c]/g, ''))
    .toLowerCase()
    .trim();
  const text = withoutCurrencySign(plain, currency, locale)
    .replace(/(?<=\d)[\s'’٬](?=\d)/g, ' ')
    .replace(/[.,]?\s*[-–—]$|[.,٫]$/, ''); // This removes the end of "5,-" and of an unfinished amount.
  if (!text) return { trouble: 'empty' };
  if (!/^[\d., ٫]*\d$/.test(text)) return { trouble: 'unreadable' };
  const parts = split(text, minorUnits, locale);
  if (!parts) return { trouble: 'unreadable' };
  const [whole, written, isUnclear] = parts;
  const part = written.replace(/0+$/, '');
  if (part.length > minorUnits || isUnclear) return { trouble: 'too_fine' };
  const digits = `${whole}${part.padEnd(minorUnits, '0')}`.replace(/^0+/, '') || '0';
  return digits.length > MAX_DIGITS ? { trouble: 'unreadable' } : { amount: Number(digits) };
}
