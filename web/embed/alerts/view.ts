import { html, nothing, svg, type TemplateResult } from 'lit';
import { listFormat } from '../../shared/strings/formats.js';
import { session } from '../common/page.js';
import { alerts } from './alerts.js';
import type { Topic } from './push.api.js';
import { t } from './words.js';

export type Part = TemplateResult | typeof nothing | string;

const bell = (on: boolean) =>
  svg`<svg aria-hidden="true" width="22" height="22" viewBox="0 0 24 24" fill=${on ? 'currentColor' : 'none'} stroke="currentColor" stroke-width="1.7"><path d="M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4"/></svg>`;

/** Draws the state of alerts and what the reader can do. */
export const strip = (title: string, text: Part, acts: Part, on = false) =>
  html`<div class="strip ${on ? 'on' : ''}">
    ${bell(on)}
    <div class="say">
      <p class="title" id="title" tabindex="-1">${title}</p>
      <p>${text}</p>
    </div>
    ${acts === nothing ? nothing : html`<div class="acts">${acts}</div>`}
  </div>`;

export const action = (text: string, act: () => void, kind = '', extra: { expanded?: boolean; off?: boolean } = {}) =>
  html`<button
    type="button"
    class=${kind}
    aria-expanded=${extra.expanded ?? nothing}
    aria-disabled=${extra.off ? 'true' : nothing}
    @click=${() => extra.off || act()}
  >
    ${text}
  </button>`;

/** Draws the one small control that is left in the story once the reader has decided. */
export const control = (text: string, act: () => void, on = false) =>
  html`<button type="button" class="quiet ${on ? 'on' : ''}" aria-expanded="false" @click=${act}>
    ${bell(on)} ${text}
  </button>`;

/**
 * Lists the chosen topics, as in "You get Breaking news and Replies to you", and those that are paused while nobody is
 * signed in.
 */
export function chosenTopicsText(chosen: readonly string[]): string {
  const known = (alerts.topics ?? []).filter(({ key }) => chosen.includes(key));
  const list = (topics: Topic[]) => listFormat('en').format(topics.map(({ name }) => name));
  const resting = session.account === null ? known.filter(({ signedIn }) => signedIn) : [];
  const active = known.filter((it) => !resting.includes(it));
  return [
    active.length ? t('on.one', { topics: list(active) }) : '',
    resting.length ? t('on.silent', { topics: list(resting) }) : '',
    t('off.honest'),
  ]
    .filter(Boolean)
    .join(' ');
}

export function phaseText(): string {
  return alerts.phase ? t(`busy.${alerts.phase}`) : '';
}
