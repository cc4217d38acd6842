import { DomainError } from '../../errors/domain-error.js';
import { invalidRequest } from '../../http/invalid-request.js';
import { countryOf, countryForCurrency, groupOf } from './countries.js';
import { exponentOf, stepOf } from './currencies.js';
import { type CountryGroup, type Interval, type AmountRange, amountsOf, TABLE_VERSION } from './amounts.js';

/** Names what the readers of a group saw: the version of the amounts and the group. */
export const variantOf = (group: CountryGroup): string => `${TABLE_VERSION}.${group}`;

/** Writes an amount with its decimal point, without floating-point arithmetic: 1234 with 2 decimals is `12.34`. */
function majorUnits(amount: number, exponent: number): string {
  const digits = String(amount).padStart(exponent + 1, '0');
  return exponent ? `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}` : digits;
}

/**
 * Checks a requested donation against the amounts of its country.
 * @param edge the country that the CDN names, used when the request names none
 * @returns the country and the variant that its readers saw
 * @throws DomainError donation.currency_unsupported, donation.amount_out_of_range (with min and max), request.invalid
 */
export function checkAmount(
  request: { amount: number; currency: string; interval: Interval; country?: string | undefined },
  edge: string | undefined,
): { country: string; variant: string } {
  const country =
    request.country === undefined ? countryForCurrency(request.currency, edge) : countryOf(request.country);
  const group = groupOf(country);
  const { currency, intervals } = amountsOf(group);
  if (request.currency !== currency)
    throw new DomainError('donation.currency_unsupported', 'invalid', {
      detail: `Gifts from this country are made in ${currency.toUpperCase()}. Choose an amount in that currency.`,
      errors: [{ path: 'currency', message: `must be ${currency}` }],
      members: { currency },
    });
  const { min, max }: AmountRange = intervals[request.interval];
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
  return { country, variant: variantOf(group) };
}
