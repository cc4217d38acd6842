import type { z } from 'zod';
import { appealOf, taxNoteOf } from './appeals.js';
import { countries, countryOf, groupOf } from './countries.js';
import { exponentOf } from './currencies.js';
import type { OptionsView } from './options.schema.js';
import { variantOf } from './check-amount.js';
import { INTERVALS, amountsOf } from './amounts.js';

/** The appeal and the amounts for readers of a country. An unknown country gets those of `ELSEWHERE`. */
export function donationOptions(
  code: string | undefined,
  site: string,
  provider: 'stripe' | 'standin' | null,
): z.infer<typeof OptionsView> {
  const country = countryOf(code);
  const group = groupOf(country);
  const { currency, intervals } = amountsOf(group);
  return {
    enabled: provider !== null,
    provider,
    country,
    countries: [...countries],
    currency,
    minorUnits: exponentOf(currency),
    appeal: appealOf(group, site),
    intervals: INTERVALS.map((interval) => {
      const { amounts, ...range } = intervals[interval];
      return { interval, amounts: [...amounts], ...range };
    }),
    variant: variantOf(group),
    taxNote: taxNoteOf(group, site),
  };
}
