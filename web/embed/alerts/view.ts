import { html, nothing, svg, type TemplateResult } from 'lit';
import { session } from '../session.js';
import { alerts } from './alerts.js';
import type { Topic } from './push.api.js';
import { familyOf } from './support.js';
import type { Trouble } from './trouble.js';
import { t, tell } from './words.js';
import { workerLine } from './worker.js';

/** What the templates ask of the element. */
export interface AlertsView {
  readonly draft: ReadonlySet<string>;
  toggle(key: string, on: boolean): void;
  signIn(): void;
  retry(): void;
}

type Part = TemplateResult | typeof nothing | string;

export const bell = (on: boolean) =>
  svg`<svg aria-hidden="true" width="22" height="22" viewBox="0 0 24 24" fill=${on ? 'currentColor' : 'none'} stroke="currentColor" stroke-width="1.7"><path d="M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4"/></svg>`;

/** The line that is always there: what is so, and what one can do about it. */
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

/** Topics as they are offered here: those named, what needs signing in, and what is chosen already. */
export function offered(named: string | undefined, chosen: ReadonlySet<string>): Topic[] {
  const keys = named?.split(/[\s,]+/).filter(Boolean) ?? [];
  const here = ({ key, signedIn }: Topic) => !keys.length || signedIn || keys.includes(key) || chosen.has(key);
  return (alerts.topics ?? []).filter(here);
}

export function topicChoice(view: AlertsView, topics: Topic[]): TemplateResult {
  if (alerts.topicsProblem)
    return html`<p class="trouble" role="alert">${t('panel.failed')} ${tell(alerts.topicsProblem)}</p>
      <div class="row">${action(t('state.retry'), () => view.retry())}</div>`;
  if (!alerts.topics) return html`<p class="note" role="status">${t('state.loading')}</p>`;
  return html`<fieldset>
    <legend>${t('panel.legend')}</legend>
    ${topics.map((it) => topic(view, it))}
  </fieldset>`;
}

function topic(view: AlertsView, { key, name, description, signedIn }: Topic) {
  const locked = signedIn && !session.account;
  return html`<div class="topic">
    <input
      type="checkbox"
      id="topic-${key}"
      .checked=${view.draft.has(key) && !locked}
      ?disabled=${locked}
      aria-describedby="about-${key}"
      @change=${(event: Event) => view.toggle(key, (event.target as HTMLInputElement).checked)}
    />
    <label for="topic-${key}"><b>${name}</b><small id="about-${key}">${description}</small></label>
    ${locked ? action(t('panel.signIn'), () => view.signIn(), 'quiet') : nothing}
  </div>`;
}

/** "Breaking news and Replies to you", and what of it rests while nobody is signed in. */
export function chosenWords(chosen: readonly string[]): string {
  const known = (alerts.topics ?? []).filter(({ key }) => chosen.includes(key));
  const list = (topics: Topic[]) => new Intl.ListFormat('en').format(topics.map(({ name }) => name));
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

/** Where this browser keeps the switch. */
export const howTo = (): string => t(`how.${familyOf(navigator)}`);

export function phaseWords(): string {
  return alerts.phase ? t(`busy.${alerts.phase}`) : '';
}

export function troubleText(trouble: Trouble): TemplateResult {
  switch (trouble.kind) {
    case 'undecided':
      return html`${t('trouble.undecided')}`;
    case 'push':
      return html`${t('trouble.push')} ${t('trouble.said', { said: trouble.said })}`;
    case 'server':
      return html`${tell(trouble.problem)}`;
    case 'worker':
      return html`${t('trouble.worker')}`;
  }
}

/** What the site's engineers must do; for readers the sentence above it is enough. */
export function engineerNote(trouble: Trouble): Part {
  if (trouble.kind !== 'worker') return nothing;
  const { fault, file, said } = trouble;
  const line = html`<code>${workerLine}</code>`;
  const missing = html`<p>${t('engineer.worker', { file })}</p>
    ${line}
    <p>${t('engineer.csp')}</p>`;
  const notes = {
    missing,
    unnamed: html`<p>${t('engineer.unnamed')}</p>`,
    types: html`<p>${t('engineer.types')}</p>`,
    other: html`<p>${t('engineer.other', { other: file })}</p>
      ${line}`,
  };
  return html`<div class="engineer">
    <p><b>${t('engineer.title')}</b></p>
    ${notes[fault]} ${said ? html`<p>${t('trouble.said', { said })}</p>` : nothing}
  </div>`;
}
