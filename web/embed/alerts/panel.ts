import { html, nothing, type TemplateResult } from 'lit';
import { session } from '../common/page.js';
import { alerts } from './alerts.js';
import { howTo } from './how-to.js';
import type { Topic } from './push.api.js';
import { type AlertsTrouble, isOfSite } from './trouble.js';
import { action, type Part, phaseText } from './view.js';
import { t, textOf } from './words.js';
import { workerLine } from './worker.js';

/** The state and the actions that the panel needs from the element. */
export interface AlertsView {
  /** The element's `topics` attribute. */
  readonly topics: string | undefined;
  readonly open: 'topics' | 'how' | undefined;
  readonly draft: ReadonlySet<string>;
  /** Returns the ticked topics that this reader can get. */
  selectedTopics(): string[];
  toggle(key: string, on: boolean): void;
  signIn(): void;
  retryTopics(): void;
  switchOn(): void;
  save(): void;
  /** Switches alerts off. */
  stop(): void;
  close(): void;
  retry(): void;
}

/** Draws what opens below the strip: the topics, the instructions for the browser, or the failure. */
export function panel(view: AlertsView): Part {
  const { trouble, permission } = alerts;
  if (view.open === 'how') return html`<div class="panel note"><p>${howTo('allow')}</p></div>`;
  if (view.open === 'topics' && permission !== 'denied' && permission !== 'unsupported')
    return trouble && isOfSite(trouble)
      ? troublePanel(
          trouble,
          action(t('action.close'), () => view.close()),
        )
      : topicsPanel(view);
  return trouble
    ? troublePanel(
        trouble,
        action(t('state.retry'), () => view.retry()),
      )
    : nothing;
}

const troublePanel = (trouble: AlertsTrouble, act: TemplateResult) =>
  html`<div class="panel">
    ${troubleNote(trouble)}
    <div class="row">${act}</div>
  </div>`;

const troubleNote = (trouble: AlertsTrouble) =>
  html`<p class="trouble" role="alert">${troubleText(trouble)}</p>
    ${engineerNote(trouble)}`;

function topicsPanel(view: AlertsView): TemplateResult {
  const { trouble } = alerts;
  const on = alerts.permission === 'on';
  const busy = phaseText();
  const none = !view.selectedTopics().length;
  const go = () => (on ? view.save() : view.switchOn());
  return html`<div class="panel">
    ${topicChoice(view, offered(view.topics, view.draft))}
    <p class="note">${on ? html`${t('on.elsewhere')} ${howTo('stop')}` : t('panel.browser')}</p>
    ${trouble ? troubleNote(trouble) : nothing}
    <div class="row">
      ${action(t(on ? 'action.save' : 'panel.on'), go, 'primary', { off: none || !!busy })}
      ${action(t('action.cancel'), () => view.close(), 'quiet', { off: !!busy })}
      ${on ? action(t('on.off'), () => view.stop(), 'quiet', { off: !!busy }) : nothing}
      <span class="note" role="status">${busy || (alerts.topics && none ? t('panel.none') : '')}</span>
    </div>
  </div>`;
}

/** Returns the topics that the element names, those that need signing in, and those already chosen. */
function offered(named: string | undefined, chosen: ReadonlySet<string>): Topic[] {
  const keys = named?.split(/[\s,]+/).filter(Boolean) ?? [];
  const here = ({ key, signedIn }: Topic) => !keys.length || signedIn || keys.includes(key) || chosen.has(key);
  return (alerts.topics ?? []).filter(here);
}

function topicChoice(view: AlertsView, topics: Topic[]): TemplateResult {
  if (alerts.topicsProblem)
    return html`<p class="trouble" role="alert">${t('panel.failed')} ${textOf(alerts.topicsProblem)}</p>
      <div class="row">${action(t('state.retry'), () => view.retryTopics())}</div>`;
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

function troubleText(trouble: AlertsTrouble): TemplateResult {
  switch (trouble.kind) {
    case 'undecided':
      return html`${t('trouble.undecided')}`;
    case 'push':
      return html`${t('trouble.push')} ${t('trouble.said', { said: trouble.message })}`;
    case 'provider':
      return html`${t('trouble.provider')}`;
    case 'server':
      return html`${textOf(trouble.problem)}`;
    case 'worker':
      return html`${t('trouble.worker')}`;
  }
}

/** Says what the site's engineers must do. Readers get the sentence above it. */
function engineerNote(trouble: AlertsTrouble): Part {
  if (!isOfSite(trouble)) return nothing;
  const { fault, file, message } = trouble.kind === 'worker' ? trouble : PROVIDER;
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
    silent: html`<p>${t('engineer.silent', { file })}</p>
      ${line}`,
    provider: html`<p>${t('engineer.provider')}</p>
      ${line}`,
  };
  return html`<div class="engineer">
    <p><b>${t('engineer.title')}</b></p>
    ${notes[fault]} ${message ? html`<p>${t('trouble.said', { said: message })}</p>` : nothing}
  </div>`;
}

const PROVIDER = { fault: 'provider', file: '', message: '' } as const;
