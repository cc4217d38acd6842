import { DomainError } from '../../errors/domain-error.js';
import { invalidRequest } from '../../http/invalid-request.js';
import { countryOf, countryForCurrency, groupOf } from './countries.js';
import { exponentOf, stepOf } from './currencies.js';
import { type CountryGroup, type Interval, type AmountRange, amountsOf, TABLE_VERSION } from './amounts.js';

/** What a country's readers are shown: the version of the table, and the group. */
export const variantOf = (group: CountryGroup): string => `${TABLE_VERSION}.${group}`;

/** An amount as people write it, by whole numbers only: 1234 with 2 decimals is `12.34`. */
function majorUnits(amount: number, exponent: number): string {
  const digits = String(amount).padStart(exponent + 1, '0');
  return exponent ? `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}` : digits;
}

/**
 * Holds a wish against the row that its country was shown.
 * @param edge the country that the CDN names, for a wish that names none
 * @returns the table's country and what it was shown
 * @throws DomainError donation.currency_unsupported, donation.amount_out_of_range (with min and max), request.invalid
 */
export function checkAmount(
  wish: { amount: number; currency: string; interval: Interval; country?: string | undefined },
  edge: string | undefined,
): { country: string; variant: string } {
  const country = wish.country === undefined ? countryForCurrency(wish.currency, edge) : countryOf(wish.country);
  const group = groupOf(country);
  const { currency, intervals } = amountsOf(group);
  if (wish.currency !== currency)
    throw new DomainError('donation.currency_unsupported', 'invalid', {
      detail: `Gifts from there are given in ${currency.toUpperCase()}.`,
      errors: [{ path: 'currency', message: `must be ${currency}` }],
      members: { currency },
    });
  const { min, max }: AmountRange = intervals[wish.interval];
  if (wish.amount < min || wish.amount > max) {
    const [least, most] = [min, max].map((it) => majorUnits(it, exponentOf(currency)));
    throw new DomainError('donation.amount_out_of_range', 'invalid', {
      detail: `Give from ${least} to ${most} ${currency.toUpperCase()}.`,
      errors: [{ path: 'amount', message: `must be from ${min} to ${max}, in minor units` }],
      members: { min, max },
    });
  }
  const step = stepOf(currency);
  if (wish.amount % step)
    throw invalidRequest([{ path: ['amount'], message: `must be a multiple of ${step}: its last digit is 0` }]);
  return { country, variant: variantOf(group) };
}
