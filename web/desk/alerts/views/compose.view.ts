import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { failed } from '../../../shared/states.js';
import { problemText } from '../../../shared/strings/translate.js';
import { alertWords, t } from '../words.js';
import type { Composer, Fault, Field } from '../composer.js';
import { MOST_BYTES } from '../payload-size.js';
import { duration } from './duration.js';

/** The choices for how long an alert is worth showing, in seconds. */
const TTLS = [900, 3600, 4 * 3600, 12 * 3600, 24 * 3600];

type Typed = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** The form of an alert that is being written. `onCheck` is called when it is submitted. */
export function composeForm(composer: Composer, onCheck: () => void) {
  const { text, topics, topicsProblem } = composer;
  const ttls = TTLS.includes(text.ttl) ? TTLS : [...TTLS, text.ttl].sort((a, b) => a - b);
  const submit = (event: Event) => {
    event.preventDefault();
    onCheck();
  };
  // Enter submits from a one-line field; from the text, Ctrl or the Mac's Cmd with Enter does.
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.repeat && !event.isComposing) submit(event);
  };
  return html`<form id="compose" class="compose" novalidate @submit=${submit} @keydown=${onKey}>
    ${field(
      composer,
      'topic',
      t('write.topic'),
      html`<select id="f-topic" aria-describedby="d-topic" ?disabled=${!topics} @change=${set(composer, 'topic')}>
        ${topics?.map((it) => html`<option value=${it.key} .selected=${it.key === text.topic}>${it.name}</option>`)}
      </select>`,
      composer.topic?.description,
    )}
    ${topicsProblem ? failed(topicsProblem, () => void composer.readTopics()) : nothing}
    ${field(
      composer,
      'title',
      t('write.headline'),
      html`<input
        id="f-title"
        class="headline"
        dir="auto"
        autocomplete="off"
        .value=${live(text.title)}
        @input=${set(composer, 'title')}
        aria-invalid=${invalid(composer, 'title')}
        aria-describedby="d-title"
      />`,
    )}
    ${field(
      composer,
      'body',
      t('write.body'),
      html`<textarea
        id="f-body"
        dir="auto"
        rows="3"
        .value=${live(text.body)}
        @input=${set(composer, 'body')}
        aria-invalid=${invalid(composer, 'body')}
        aria-describedby="d-body"
      ></textarea>`,
    )}
    ${size(composer)}
    ${field(
      composer,
      'url',
      t('write.url'),
      html`<input
        id="f-url"
        type="url"
        inputmode="url"
        autocomplete="off"
        spellcheck="false"
        .value=${live(text.url)}
        @input=${set(composer, 'url')}
        aria-invalid=${invalid(composer, 'url')}
        aria-describedby="d-url"
      />`,
      t('write.urlHint'),
    )}
    <fieldset>
      <legend>${t('write.urgency')}</legend>
      ${(['normal', 'high'] as const).map(
        (it) =>
          html`<label class="choice">
            <input
              type="radio"
              name="urgency"
              value=${it}
              .checked=${live(text.urgency === it)}
              @change=${() => composer.set('urgency', it)}
            />
            <span>${t(`write.${it}`)} <small>${t(`write.${it}Hint`)}</small></span>
          </label>`,
      )}
    </fieldset>
    ${field(
      composer,
      'ttl',
      t('write.ttl'),
      html`<select
        id="f-ttl"
        aria-describedby="d-ttl"
        @change=${(event: Event) => composer.set('ttl', Number((event.target as Typed).value))}
      >
        ${ttls.map((it) => html`<option value=${it} .selected=${it === text.ttl}>${duration(it)}</option>`)}
      </select>`,
      t('write.ttlHint'),
    )}
    ${composer.problem ? html`<p class="fault" role="alert">${problemText(alertWords, composer.problem)}</p>` : nothing}
    <button hidden></button>
  </form>`;
}

const set = (composer: Composer, name: 'topic' | 'title' | 'body' | 'url') => (event: Event) =>
  composer.set(name, (event.target as Typed).value);

const invalid = ({ faults }: Composer, name: Field) => (faults[name] ? 'true' : nothing);

function field(composer: Composer, name: Field, label: string, control: unknown, hint?: string) {
  const fault = composer.faults[name];
  return html`<div class="field">
    <label for="f-${name}">${label}</label>
    ${control}
    <p class=${fault ? 'fault' : 'hint'} id="d-${name}" role=${fault ? 'alert' : nothing}>
      ${fault ? faultWords(fault, name) : (hint ?? nothing)}
    </p>
  </div>`;
}

function faultWords(fault: Fault, name: Field): string {
  switch (fault.kind) {
    case 'server':
      // The server's message continues the name of the field, so it begins with a small letter.
      return `${fault.text.charAt(0).toUpperCase()}${fault.text.slice(1)}.`.replace(/\.\.$/, '.');
    case 'long':
      return t('write.fault.long', { n: fault.most });
    case 'address':
    case 'foreign':
      return t(`write.fault.${fault.kind}`);
    case 'missing':
      return name === 'title' || name === 'body' || name === 'url' ? t(`write.fault.${name}`) : '';
  }
}

/** The size against the limit, with a message as soon as it is exceeded. */
function size({ bytes, tooLong }: Composer) {
  return html`<div class="size ${tooLong ? 'over' : ''}">
    <span class="gauge" aria-hidden="true"
      ><i style="inline-size:${Math.min(100, (bytes / MOST_BYTES) * 100)}%"></i
    ></span>
    <span>${t('write.bytes', { n: bytes, most: MOST_BYTES })}</span>
    <p role="status" class="fault">${tooLong ? t('write.over', { n: bytes - MOST_BYTES }) : nothing}</p>
  </div>`;
}
