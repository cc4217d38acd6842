import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { failed, loading } from '../../../shared/states.js';
import { problemText } from '../../../shared/strings/translate.js';
import type { Setting } from '../contract.js';
import type { Draft } from '../drafts.js';
import type { SettingsDesk } from '../settings-desk.js';
import { valueLines, valueWords } from '../value-words.js';
import { settingWords, t } from '../words.js';
import { field } from './field.view.js';
import { Fields } from './fields.js';

/** The open setting: what it does, where its value comes from, and the form. */
export function settingBody(desk: SettingsDesk) {
  const { store, open, openKey } = desk;
  if (!openKey) return html`<p class="choose">${t('list.choose')}</p>`;
  if (!open) {
    if (store.readAt) return html`<div class="state"><p>${t('list.notFound')}</p></div>`;
    return store.problem ? failed(store.problem, () => void store.refresh()) : loading(3);
  }
  return html`<p class="help">${open.help}</p>
    <p class="from">${fromWords(open, store.site)}</p>
    ${desk.mayChange(open) ? form(desk, open) : readOnly(open)}`;
}

function fromWords({ from, initial }: Setting, site: string | null) {
  if (site !== null && from !== 'site') return t('from.inherited');
  if (from === 'initial') return t('from.initial');
  return `${t(`from.${from}`)} ${t('form.initial', { value: valueWords(initial) })}`;
}

function readOnly({ value, role }: Setting) {
  return html`<p class="only">${t(`role.only.${role}`)}</p>
    <h3>${t('form.now')}</h3>
    ${lines(value)}`;
}

export const lines = (value: unknown) =>
  html`<div class="lines" dir="auto">${valueLines(value).map((it) => html`<div>${it}</div>`)}</div>`;

function form(desk: SettingsDesk, open: Setting) {
  const { drafts, store } = desk;
  const draft = drafts.of(open, store.site);
  const submit = (event: Event) => {
    event.preventDefault();
    if (!drafts.isOutdated(open, store.site)) void desk.save();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.repeat && !event.isComposing) submit(event);
  };
  const fields = new Fields(draft, (path, value) => drafts.set(open, store.site, path, value));
  return html`${drafts.isOutdated(open, store.site) ? conflict(desk, open) : nothing}
    <form id="setting" class="setting" novalidate @submit=${submit} @keydown=${onKey}>
      ${field(fields, { schema: draft.schema, path: [], value: draft.value, label: open.label, isHidden: true })}
      ${problem(draft)}
      ${
        drafts.isUnsaved(open, store.site)
          ? html`<div class="field reason">
              <label for="f-reason">${t('form.reason')}</label>
              <input
                id="f-reason"
                maxlength="500"
                autocomplete="off"
                aria-describedby="d-reason"
                .value=${live(draft.reason)}
                @input=${(event: Event) =>
                  drafts.patch(open, store.site, { reason: (event.target as HTMLInputElement).value })}
              />
              <p class="hint" id="d-reason">${t('form.reasonHint')}</p>
            </div>`
          : nothing
      }
      <button hidden></button>
    </form>`;
}

/** The server's answer beside the form. The field that it is about is marked as well. */
function problem(draft: Draft) {
  if (!draft.problem) return nothing;
  return html`<p class="fault" role="alert">${problemText(settingWords, draft.problem)}</p>`;
}

/** Shows the value that a colleague has set meanwhile. Nothing typed is lost. */
function conflict(desk: SettingsDesk, open: Setting) {
  return html`<div class="conflict" role="alert">
    <p>${t('conflict.text')}</p>
    <p><b>${t('conflict.now')}</b></p>
    ${lines(open.value)}
    <p class="row">
      <button type="button" @click=${() => void desk.saveMine()}>${t('conflict.mine')}</button>
      <button type="button" @click=${() => desk.discard()}>${t('conflict.theirs')}</button>
    </p>
  </div>`;
}
