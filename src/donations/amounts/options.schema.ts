import { z } from 'zod';
import { INTERVALS } from './intervals.js';

export const Interval = z.enum(INTERVALS);
export const CountryCode = z.string().regex(/^[A-Za-z][A-Za-z0-9]$/, 'must be a country code of two letters');
export const CurrencyCode = z.string().regex(/^[a-z]{3}$/, 'must be a currency code such as usd');
export const ArticleKey = z
  .string()
  .min(1)
  .max(200)
  .refine((it) => !it.includes('\0'), 'is no key');

export const OptionsQuery = z.strictObject({ country: CountryCode.optional(), article: ArticleKey.optional() });

export const OptionsView = z
  .strictObject({
    enabled: z.boolean(),
    provider: z.enum(['stripe', 'standin']).nullable(),
    country: z.string(),
    countries: z.array(z.strictObject({ code: z.string(), name: z.string() })),
    currency: z.string(),
    minorUnits: z.int(),
    appeal: z.strictObject({ title: z.string(), text: z.string() }),
    intervals: z.array(
      z.strictObject({
        interval: Interval,
        amounts: z.array(z.int()),
        default: z.int(),
        min: z.int(),
        max: z.int(),
      }),
    ),
    variant: z.string(),
    taxNote: z.string(),
  })
  .meta({ id: 'DonationOptions' });
