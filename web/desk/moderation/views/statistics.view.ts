import { css, html, nothing, type TemplateResult } from 'lit';
import { formatMoney } from '../../../shared/money.js';
import { browserNumberFormat } from '../../../shared/strings/formats.js';
import type { Statistics } from '../contract.js';
import { t } from '../words.js';

const MOST_SUBSCRIBERS = 100_000;
const number = (n: number): string => browserNumberFormat().format(n);

/** Returns a time in minutes, hours or days, whichever its reader can compare. */
export function duration(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 120) return t('numbers.minutes', { n: minutes });
  const hours = Math.round(minutes / 60);
  return hours < 48 ? t('numbers.hours', { n: hours }) : t('numbers.days', { n: Math.round(hours / 24) });
}

/** Returns the rows of the numbers: what is counted, the number, and what belongs to it. */
export function statisticsRows({
  days,
  comments,
  decisions,
  subscribers,
  gifts,
}: Statistics): [string, string, string][] {
  const active = number(subscribers.active);
  return [
    [t('numbers.comments'), number(Math.round(comments.count / days)), t('numbers.lastDay', { n: comments.lastDay })],
    [
      t('numbers.queue'),
      decisions.medianSecondsInQueue === null ? '–' : duration(decisions.medianSecondsInQueue),
      t('numbers.decided', { n: decisions.count }),
    ],
    [
      t('numbers.subscribers'),
      subscribers.active < MOST_SUBSCRIBERS ? active : t('numbers.orMore', { n: active }),
      t('numbers.added', { n: subscribers.added }),
    ],
    [
      t('numbers.gifts'),
      number(gifts.reduce((sum, it) => sum + it.count, 0)),
      gifts.map((it) => formatMoney(it)).join(', ') || t('numbers.noGifts'),
    ],
  ];
}

export function statisticsView(numbers: Statistics | undefined): TemplateResult | typeof nothing {
  if (!numbers) return nothing;
  return html`<section class="numbers" aria-label=${t('numbers.title', { n: numbers.days })}>
    <h3>${t('numbers.title', { n: numbers.days })}</h3>
    <dl>
      ${statisticsRows(numbers).map(
        ([name, value, more]) =>
          html`<div>
            <dt>${name}</dt>
            <dd><b>${value}</b> <small>${more}</small></dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

/** On a phone the list fills the desk, so the numbers stand below it there. */
export const statisticsStyles = css`
  .numbers h3 {
    font: 600 13px/1.4 var(--ui);
    color: var(--ink-2);
    margin: 0 0 12px;
  }
  .numbers dl {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(220px, 1fr));
    gap: 12px;
    margin: 0;
  }
  .numbers div {
    padding: 14px 16px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  .numbers dt {
    font-size: 14px;
    color: var(--ink-2);
  }
  .numbers dd {
    margin: 4px 0 0;
  }
  .numbers b {
    display: block;
    font: 700 26px/1.3 var(--ui);
    font-variant-numeric: tabular-nums;
  }
  .numbers small {
    font-size: 13px;
    color: var(--ink-3);
  }
  .choose:not(:empty) + .numbers {
    margin-block-start: 24px;
  }
  .list .numbers {
    display: none;
    padding: 8px 16px 24px;
  }
  @media (max-width: 760px) {
    .list .numbers {
      display: block;
    }
  }
`;
