/**
 * The accepted currencies: the number of decimals, as Stripe counts them (docs.stripe.com/currencies#zero-decimal,
 * #three-decimal), and the smallest payment that Stripe takes, in minor units (#minimum-and-maximum-charge-amounts). Intl
 * is not used because it says 0 decimals for HUF, which cards charge in hundredths. Stripe names no smallest payment in
 * KWD, where that of the dollar counts.
 */
const CURRENCIES = {
  aud: { decimals: 2, least: 50 },
  brl: { decimals: 2, least: 50 },
  cad: { decimals: 2, least: 50 },
  chf: { decimals: 2, least: 50 },
  czk: { decimals: 2, least: 1_500 },
  dkk: { decimals: 2, least: 250 },
  eur: { decimals: 2, least: 50 },
  gbp: { decimals: 2, least: 30 },
  hkd: { decimals: 2, least: 400 },
  huf: { decimals: 2, least: 17_500 },
  inr: { decimals: 2, least: 50 },
  jpy: { decimals: 0, least: 50 },
  kwd: { decimals: 3, least: 160 },
  mxn: { decimals: 2, least: 1_000 },
  nok: { decimals: 2, least: 300 },
  nzd: { decimals: 2, least: 50 },
  pln: { decimals: 2, least: 200 },
  ron: { decimals: 2, least: 200 },
  sek: { decimals: 2, least: 300 },
  sgd: { decimals: 2, least: 50 },
  usd: { decimals: 2, least: 50 },
} as const;

export type Currency = keyof typeof CURRENCIES;

export const CURRENCY_CODES = Object.keys(CURRENCIES) as [Currency, ...Currency[]];

/** The number of digits of an amount in minor units that follow the decimal point. */
export const exponentOf = (currency: Currency): number => CURRENCIES[currency].decimals;

/** Amounts must be multiples of this many minor units. Cards have no third decimal, so that digit must be 0. */
export const stepOf = (currency: Currency): number => (CURRENCIES[currency].decimals === 3 ? 10 : 1);

/** The smallest payment that Stripe takes. */
export const leastOf = (currency: Currency): number => CURRENCIES[currency].least;
