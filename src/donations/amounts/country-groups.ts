import { z } from 'zod';
import { nameOfCountry } from './country-names.js';
import { CURRENCY_CODES, exponentOf, leastOf, stepOf } from './currencies.js';
import { INTERVALS } from './intervals.js';
import { majorUnits } from './major-units.js';

/** The key of the group of every country that no other group has. */
export const ELSEWHERE = 'elsewhere';

/** Stripe's largest payment, in minor units of any currency. */
const MOST = 99_999_999;

export const GroupKey = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must have small letters, digits and hyphens, at most 20, as in gb');

const Amount = z.int().min(1, 'must be at least 1').max(MOST, 'must be at most 99,999,999, the largest of Stripe');

/** Amounts in minor units of the group's currency. `min` and `max` are allowed values. */
const AmountRange = z.strictObject({
  amounts: z.array(Amount).min(1, 'must have an amount').max(6, 'must have at most 6 amounts'),
  default: Amount,
  min: Amount,
  max: Amount,
});
type AmountRange = z.infer<typeof AmountRange>;

const CountryGroup = z.strictObject({
  key: GroupKey,
  countries: z
    .array(
      z
        .string()
        .refine((it) => nameOfCountry(it) !== undefined, 'must be the code of a country in capitals, such as GB'),
    )
    .max(250),
  currency: z.enum(CURRENCY_CODES, `must be one of ${CURRENCY_CODES.join(', ')}`),
  intervals: z
    .strictObject({ once: AmountRange.optional(), month: AmountRange.optional(), year: AmountRange.optional() })
    .refine((it) => INTERVALS.some((interval) => it[interval]), 'must have once, month or year'),
});

/** Countries whose readers get the same currency, amounts and words. */
export type CountryGroup = z.infer<typeof CountryGroup>;

export const CountryGroups = z
  .array(CountryGroup)
  .max(60, 'must have at most 60 groups')
  .refine((it) => it.some(({ key }) => key === ELSEWHERE), {
    error: `must have a group “${ELSEWHERE}”, for the countries that no group has`,
  });

/** Says in a sentence what is wrong with groups that have the right form. */
export function troubleOfGroups(groups: readonly CountryGroup[]): string | undefined {
  const groupOf = new Map<string, string>();
  const keys = new Set<string>();
  for (const group of groups) {
    const { key, countries } = group;
    if (keys.has(key)) return `There are two groups “${key}”. Rename one of them`;
    keys.add(key);
    if (key === ELSEWHERE && countries.length)
      return `The group “${ELSEWHERE}” has every country that no group has. Leave its list of countries empty`;
    for (const country of countries) {
      const other = groupOf.get(country);
      if (other !== undefined)
        return `${country} stands twice, in the groups “${other}” and “${key}”. Take it out of one list`;
      groupOf.set(country, key);
    }
    for (const interval of INTERVALS) {
      const trouble = troubleOfRange(group, group.intervals[interval]);
      if (trouble) return `In the group “${key}”, part ${interval}: ${trouble}`;
    }
  }
  return undefined;
}

function troubleOfRange({ currency }: CountryGroup, range: AmountRange | undefined): string | undefined {
  if (!range) return undefined;
  const { amounts, min, max } = range;
  const money = (amount: number): string => `${amount} (${majorUnits(amount, exponentOf(currency))} ${currency})`;
  if (min > max) return `the smallest gift, ${money(min)}, is larger than the largest, ${money(max)}`;
  if (min < leastOf(currency)) return `Stripe takes no gift below ${money(leastOf(currency))}. Raise the smallest gift`;
  const outside = amounts.find((it) => it < min || it > max);
  if (outside !== undefined) return `the amount ${money(outside)} must be from ${money(min)} to ${money(max)}`;
  if (amounts.some((it, n) => n > 0 && it <= amounts[n - 1]!)) return 'the amounts must grow from first to last';
  if (!amounts.includes(range.default)) return `the default ${money(range.default)} must be one of the amounts`;
  const step = stepOf(currency);
  const odd = [...amounts, min, max].find((it) => it % step);
  if (odd !== undefined) return `${money(odd)} must be a multiple of ${step}, because no card has that last digit`;
  return undefined;
}
