import { html } from 'lit';
import { markOf } from '../../shared/money.js';
import { range, troubleText } from './amount-words.js';
import type { IntervalAmounts, DonationOptions } from './contract.js';
import type { DonationForm } from './donation-form.js';
import { t } from './words.js';

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
