/**
 * The decimals of the currencies we take, as Stripe counts them
 * (docs.stripe.com/currencies#zero-decimal, #three-decimal). Never from Intl, which says 0 for HUF where a card is
 * charged in hundredths.
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

/** How many digits of an amount in minor units stand behind the decimal point. */
export const exponentOf = (currency: Currency): number => EXPONENTS[currency];

/** Amounts are multiples of this many minor units: cards know no third decimal, so its digit must be 0. */
export const stepOf = (currency: Currency): number => (EXPONENTS[currency] === 3 ? 10 : 1);
