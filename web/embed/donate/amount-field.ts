import { html } from 'lit';
import { formatMoney, markOf } from '../../shared/money.js';
import type { Amounts, Options } from './contract.js';
import { type Giving, stepOf, type Trouble } from './giving.js';
import { t } from './words.js';

export const money = (amount: number, { currency, minorUnits }: Options): string =>
  formatMoney({ amount, currency }, minorUnits);

/** What can be given at this interval, in words. */
export const range = (options: Options, { min, max }: Amounts): string =>
  t('much.range', { min: money(min, options), max: money(max, options) });

/**
 * The reader's own amount, judged as it is typed.
 * @param left the field was left once: until then it scolds only for what no further digit can mend
 */
export function amountField(options: Options, row: Amounts, giving: Giving, left: boolean, onLeave: () => void) {
  const { chosen, typed } = giving;
  const trouble = 'trouble' in chosen ? chosen.trouble : undefined;
  const told = trouble && (left || !['empty', 'low'].includes(trouble)) ? trouble : undefined;
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
        aria-invalid=${told ? 'true' : 'false'}
        .value=${typed}
        @input=${(event: Event) => giving.type((event.target as HTMLInputElement).value)}
        @change=${onLeave}
    /></label>
    <span id="range" class="hint ${told ? 'wrong' : ''}" aria-live="polite"
      >${told ? scold(told, options, row) : range(options, row)}</span
    >
  </div>`;
}

function scold(trouble: Trouble, options: Options, { min, max, default: usual }: Amounts): string {
  return t(`trouble.${trouble}`, {
    min: money(min, options),
    max: money(max, options),
    example: money(usual, options),
    step: money(stepOf(options), options),
  });
}
