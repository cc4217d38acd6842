import { invalid } from '../model/errors.js';

// Stripe's presentment currencies.
const CURRENCIES = new Set(
  `usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp
  cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd
  jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn
  nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs
  tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw`.split(/\s+/),
);
const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '));

// Stripe's published minimum charges in minor units. In other currencies a charge must be worth 50 US cents at the rate of
// the day; the stand-in only wants it to be positive there, except with three decimals (rounded rates).
const MINIMUM: Record<string, number> = {
  usd: 50, aed: 200, aud: 50, bgn: 100, brl: 50, cad: 50, chf: 50, czk: 1500, dkk: 250, eur: 50, gbp: 30, hkd: 400,
  huf: 17500, inr: 50, jpy: 50, mxn: 1000, myr: 200, nok: 300, nzd: 50, pln: 200, ron: 200, sek: 300, sgd: 50, thb: 1000,
  bhd: 190, jod: 360, kwd: 160, omr: 200, tnd: 1600,
}; // prettier-ignore
const MAXIMUM = 99_999_999;

/** Returns the decimals of Stripe's minor unit: ISK counts as two (its amounts end in 00), and so does HUF. */
export function exponent(currency: string): 0 | 2 | 3 {
  return ZERO_DECIMAL.has(currency) ? 0 : THREE_DECIMAL.has(currency) ? 3 : 2;
}

/** Returns the currency in lower case. @throws StripeError 400 for a currency that Stripe does not know */
export function currencyOf(given: string, param: string): string {
  const currency = given.toLowerCase();
  if (!CURRENCIES.has(currency)) throw invalid(`Invalid currency: ${given}.`, param);
  return currency;
}

/** Checks one amount: not negative, and of a unit that the currency has. @throws StripeError 400 */
export function checkUnit(amount: number, currency: string, param: string): void {
  if (amount < 0) throw invalid('This value must be greater than or equal to 0.', param, 'parameter_invalid_integer');
  if (amount > MAXIMUM) throw tooLarge(currency, param);
  if (THREE_DECIMAL.has(currency) && amount % 10)
    throw invalid(
      `Invalid amount: the last digit of an amount in ${currency} must be 0.`,
      param,
      'invalid_charge_amount',
    );
  if (currency === 'isk' && amount % 100)
    throw invalid('Invalid amount: an amount in isk must end in 00.', param, 'invalid_charge_amount');
}

/** Checks the total of a charge. @throws StripeError 400 when it is too small or too large */
export function checkTotal(total: number, currency: string, param: string): void {
  if (total > MAXIMUM) throw tooLarge(currency, param);
  const least = MINIMUM[currency] ?? 1;
  if (total < least)
    throw invalid(
      `The total amount due must add up to at least ${formatAmount(least, currency)}.`,
      param,
      'amount_too_small',
    );
}

const tooLarge = (currency: string, param: string) =>
  invalid(`The total amount due must be no more than ${formatAmount(MAXIMUM, currency)}.`, param, 'amount_too_large');

/** Formats an amount exactly: `1234`, 'usd' -> "$12.34". */
export function formatAmount(amount: number, currency: string): string {
  const digits = exponent(currency);
  const padded = String(amount).padStart(digits + 1, '0');
  const decimal = digits ? `${padded.slice(0, -digits)}.${padded.slice(-digits)}` : padded;
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(decimal as `${number}`);
}
