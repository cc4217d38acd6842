import type { DonationOptions } from './contract.js';

const words = (n: number) => 'harbour '.repeat(n);
/** The options with which the form is drawn, without its words, before the real ones are known. */
export const PLACEHOLDER: DonationOptions = {
  enabled: true,
  provider: 'stripe',
  country: '',
  countries: [{ code: '', name: words(2) }],
  currency: 'usd',
  appeal: { title: words(4), text: words(37) },
  intervals: (['once', 'month', 'year'] as const).map((interval) => ({
    interval,
    amounts: [500, 1000, 2000, 5000],
    default: 1000,
    min: 1,
    max: 1,
  })),
  minorUnits: 2,
  variant: '',
  taxNote: words(7),
};
