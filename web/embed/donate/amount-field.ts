import { html } from 'lit';
import { formatMoney, markOf } from '../../shared/money.js';
import type { IntervalAmounts, DonationOptions } from './contract.js';
import { type DonationForm, stepOf, type AmountTrouble } from './donation-form.js';
import { t } from './words.js';

export const money = (amount: number, { currency, minorUnits }: DonationOptions): string =>
  formatMoney({ amount, currency }, minorUnits);

/** Says which amounts are accepted at this interval. */
export const range = (options: DonationOptions, { min, max }: IntervalAmounts): string =>
  t('much.range', { min: money(min, options), max: money(max, options) });

/**
 * Draws the field for the reader's own amount, which is checked while it is typed.
 * @param left the field was left once: until then it scolds only for what no further digit can mend
 */
export function amountField(
  options: DonationOptions,
  row: IntervalAmounts,
  form: DonationForm,
  left: boolean,
  onLeave: () => void,
) {
  const { chosen, typed } = form;
  const trouble = 'trouble' in chosen ? chosen.trouble : undefined;
  const shown = trouble && (left || !['empty', 'low'].includes(trouble)) ? trouble : undefined;
  return html`<div class="own">
    <label
      ><span class="sr">${t('much.label', { currency: options.currency.toUpperCase() })}</span
      ><span aria-hidden="true">${markOf(options.currency)}</span>
      <input
        id="own"
        inputmode=${options.minorUnits ? 'decimal' : 'numeric'}
        autocomplete="off"
        dir="ltr"
        maxlength="24"
        aria-describedby="range"
        aria-invalid=${shown ? 'true' : 'false'}
        .value=${typed}
        @input=${(event: Event) => form.type((event.target as HTMLInputElement).value)}
        @change=${onLeave}
    /></label>
    <span id="range" class="hint ${shown ? 'wrong' : ''}" aria-live="polite"
      >${shown ? troubleText(shown, options, row) : range(options, row)}</span
    >
  </div>`;
}

function troubleText(
  trouble: AmountTrouble,
  options: DonationOptions,
  { min, max, default: usual }: IntervalAmounts,
): string {
  return t(`trouble.${trouble}`, {
    min: money(min, options),
    max: money(max, options),
    example: money(usual, options),
    step: money(stepOf(options), options),
  });
}
