import { DomainError } from '../../errors/domain-error.js';
import { invalidRequest } from '../../http/invalid-request.js';
import { countryForCurrency, countryOf, groupOf } from './countries.js';
import type { CountryGroup } from './country-groups.js';
import { exponentOf, stepOf } from './currencies.js';
import { type Interval, INTERVALS } from './intervals.js';
import { majorUnits } from './major-units.js';

/**
 * Checks a requested donation against the amounts of its country.
 * @param groups the groups of the site on which it is given
 * @param edge the country that the CDN names, used when the request names none
 * @returns the country and its group
 * @throws DomainError donation.currency_unsupported, donation.amount_out_of_range (with min and max), request.invalid
 */
export function checkAmount(
  groups: readonly CountryGroup[],
  request: { amount: number; currency: string; interval: Interval; country?: string | undefined },
  edge: string | undefined,
): { country: string; group: string } {
  const country =
    request.country === undefined
      ? countryForCurrency(groups, request.currency, edge)
      : countryOf(groups, request.country);
  const { key, currency, intervals } = groupOf(groups, country);
  if (request.currency !== currency)
    throw new DomainError('donation.currency_unsupported', 'invalid', {
      detail: `Gifts from this country are made in ${currency.toUpperCase()}. Choose an amount in that currency.`,
      errors: [{ path: 'currency', message: `must be ${currency}` }],
      members: { currency },
    });
  const range = intervals[request.interval];
  if (!range) {
    const offered = INTERVALS.filter((it) => intervals[it]).join(' or ');
    throw invalidRequest([{ path: ['interval'], message: `must be ${offered} for gifts from this country` }]);
  }
  const { min, max } = range;
  if (request.amount < min || request.amount > max) {
    const [least, most] = [min, max].map((it) => majorUnits(it, exponentOf(currency)));
    throw new DomainError('donation.amount_out_of_range', 'invalid', {
      detail: `The amount must be from ${least} to ${most} ${currency.toUpperCase()}. Choose another amount.`,
      errors: [{ path: 'amount', message: `must be from ${min} to ${max}, in minor units` }],
      members: { min, max },
    });
  }
  const step = stepOf(currency);
  if (request.amount % step)
    throw invalidRequest([{ path: ['amount'], message: `must be a multiple of ${step}: its last digit is 0` }]);
  return { country, group: key };
}
