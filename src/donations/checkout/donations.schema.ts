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
    /** In minor units. The setting donations.groups has the allowed range. */
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
    /** The donation whose payment page this one replaces. That page is closed if it was not paid yet. */
    replaces: z
      .string()
      .regex(/^[\w-]{8,128}$/, 'must be the id of a donation')
      .optional(),
  })
  .meta({ id: 'NewDonation' });
export type NewDonation = z.infer<typeof NewDonation>;

export const CheckoutView = z.strictObject({ id: z.string(), checkoutUrl: z.string() }).meta({ id: 'Checkout' });

const RepetitionStatus = z.enum([
  'on',
  'trialing',
  'ending',
  'ended',
  'past_due',
  'unpaid',
  'paused',
  'incomplete',
  'incomplete_expired',
]);

export const DonationView = z
  .strictObject({
    id: z.string(),
    status: z.enum(['pending', 'paid', 'failed', 'expired', 'refunded']),
    /** Whether a pending payment was made in a way that takes days, such as a bank debit. */
    delayed: z.boolean(),
    /** What the donor gives now: of a recurring donation the next renewal, else the payment. */
    amount: z.int(),
    currency: z.string(),
    interval: Interval,
    /** The sum of all payments, and what was returned of it, in minor units. */
    given: z.int(),
    returned: z.int(),
    visibility: z.enum(['anonymous', 'public']),
    repeats: z
      .strictObject({
        status: RepetitionStatus,
        /** The end of the paid period, or the end of the donation. */
        until: z.iso.datetime().nullable(),
        /** Whether it ends then, also when something else is the matter. */
        ending: z.boolean(),
        manageable: z.boolean(),
      })
      .nullable(),
    article: z.strictObject({ url: z.string(), title: z.string() }).nullable(),
    createdAt: z.iso.datetime(),
    paidAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Donation' });

export const RepeatingView = z
  .strictObject({
    donations: z.array(
      z.strictObject({
        id: z.string(),
        amount: z.int(),
        currency: z.string(),
        interval: Interval,
        status: RepetitionStatus,
      }),
    ),
  })
  .meta({ id: 'RepeatingDonations' });

export const PortalView = z.strictObject({ url: z.string() }).meta({ id: 'Portal' });
