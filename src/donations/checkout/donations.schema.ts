import { z } from 'zod';
import { ArticleKey, CountryCode, CurrencyCode, Interval } from '../amounts/options.schema.js';

/** The page to which a payer who cancels returns. The service checks its origin against the allowed ones. */
const ReturnUrl = z
  .string()
  .max(2_000)
  .refine((it) => URL.canParse(it) && /^https?:$/.test(new URL(it).protocol), 'must be an http(s) address')
  .refine((it) => !URL.canParse(it) || new URL(it).href.length <= 2_000, 'is too long, as browsers write it')
  .refine((it) => !URL.canParse(it) || !(new URL(it).username + new URL(it).password), 'must name no user')
  .transform((it) => new URL(it).href);

export const NewDonation = z
  .strictObject({
    /** In minor units. amounts.ts has the allowed range. */
    amount: z.int(),
    currency: CurrencyCode,
    interval: Interval,
    coverFees: z.literal(false, 'must be false: a fee on top is not offered yet').optional(),
    /** When absent, the country that the edge names if it uses this currency, else one that does. */
    country: CountryCode.optional(),
    article: ArticleKey.optional(),
    /** When absent, the article's page, else Rostra's own page. */
    returnUrl: ReturnUrl.optional(),
    visibility: z.enum(['anonymous', 'public']).default('anonymous'),
  })
  .meta({ id: 'NewDonation' });
export type NewDonation = z.infer<typeof NewDonation>;

export const CheckoutView = z.strictObject({ id: z.string(), checkoutUrl: z.string() }).meta({ id: 'Checkout' });

export const DonationView = z
  .strictObject({
    id: z.string(),
    status: z.enum(['pending', 'paid', 'failed', 'expired', 'refunded']),
    amount: z.int(),
    currency: z.string(),
    interval: Interval,
    visibility: z.enum(['anonymous', 'public']),
    repeats: z
      .strictObject({
        status: z.enum(['on', 'ending', 'ended']),
        until: z.iso.datetime().nullable(),
        manageable: z.boolean(),
      })
      .nullable(),
    article: z.strictObject({ url: z.string(), title: z.string() }).nullable(),
    createdAt: z.iso.datetime(),
    paidAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Donation' });

export const PortalView = z.strictObject({ url: z.string() }).meta({ id: 'Portal' });
