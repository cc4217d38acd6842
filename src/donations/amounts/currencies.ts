/**
 * The number of decimals of each accepted currency, as Stripe counts them
 * (docs.stripe.com/currencies#zero-decimal, #three-decimal). Intl is not used because it says 0 for HUF, which cards
 * charge in hundredths.
 */
const EXPONENTS = {
  aud: 2,
  cad: 2,
  chf: 2,
  dkk: 2,
  eur: 2,
  gbp: 2,
  huf: 2,
  jpy: 0,
  kwd: 3,
  nok: 2,
  sek: 2,
  usd: 2,
} as const;

export type Currency = keyof typeof EXPONENTS;

/** The number of digits of an amount in minor units that follow the decimal point. */
export const exponentOf = (currency: Currency): number => EXPONENTS[currency];

/** Amounts must be multiples of this many minor units. Cards have no third decimal, so that digit must be 0. */
export const stepOf = (currency: Currency): number => (EXPONENTS[currency] === 3 ? 10 : 1);
