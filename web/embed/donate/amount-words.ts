import { formatMoney } from '../../shared/money.js';
import type { DonationOptions, IntervalAmounts } from './contract.js';
import { type AmountTrouble, stepOf } from './donation-form.js';
import { t } from './words.js';

export const money = (amount: number, { currency, minorUnits }: DonationOptions): string =>
  formatMoney({ amount, currency }, minorUnits);

/** Says which amounts are accepted at this interval. */
export const range = (options: DonationOptions, { min, max }: IntervalAmounts): string =>
  t('much.range', { min: money(min, options), max: money(max, options) });

/** An amount whose decimals are written out: half a unit more than the usual one. */
const withDecimals = (usual: number): number => usual - (usual % 100) + 50;

/** Says what is wrong with a typed amount, and what to type. */
export function troubleText(
  trouble: AmountTrouble,
  options: DonationOptions,
  { min, max, default: usual }: IntervalAmounts,
): string {
  const fineness = { 0: 'whole', 3: 'steps' } as const;
  const key = trouble === 'too_fine' ? (fineness[options.minorUnits as 0 | 3] ?? trouble) : trouble;
  return t(`trouble.${key}`, {
    min: money(min, options),
    max: money(max, options),
    example: money(usual, options),
    fine: money(withDecimals(usual), options),
    step: money(stepOf(options), options),
  });
}
