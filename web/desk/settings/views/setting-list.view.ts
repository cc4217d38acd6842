import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { ref, type Ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import { empty, failed, loading } from '../../../shared/states.js';
import { problemText } from '../../../shared/strings/translate.js';
import { routeHash } from '../../shell/route.js';
import { idOf, type Setting } from '../contract.js';
import type { SettingsDesk } from '../settings-desk.js';
import { valueWords } from '../value-words.js';
import { settingWords, t } from '../words.js';

/** All settings by group, with their present values, below the choice of the site and the search. */
export function settingList(desk: SettingsDesk, search: Ref<HTMLInputElement>) {
  return html`<section class="list settings" aria-label=${t('nav.settings')}>
    <header>
      <h1>${t('nav.settings')}</h1>
      ${siteChoice(desk)} ${desk.siteForm.isOpen ? siteForm(desk) : nothing}
      <input
        ${ref(search)}
        type="search"
        class="search"
        aria-label=${t('list.search')}
        placeholder=${t('list.search')}
        aria-keyshortcuts="/"
        autocomplete="off"
        .value=${live(desk.query)}
        @input=${(event: Event) => desk.search((event.target as HTMLInputElement).value)}
      />
    </header>
    <div class="scroll">${rows(desk)}</div>
  </section>`;
}

function siteChoice(desk: SettingsDesk) {
  const { sites, site } = desk.store;
  const choose = (event: Event) => desk.choose((event.target as HTMLSelectElement).value || null);
  return html`<div class="sites">
    ${
      sites.length || site !== null
        ? html`<select aria-label=${t('list.site')} @change=${choose}>
            <option value="" .selected=${live(site === null)}>${t('list.installation')}</option>
            ${sites.map(
              (it) =>
                html`<option value=${it.key} .selected=${live(it.key === site)}>
                  ${t('site.unnamed', { name: it.name, key: it.key })}
                </option>`,
            )}
          </select>`
        : nothing
    }
    ${
      desk.isAdmin && !desk.siteForm.isOpen
        ? html`<button class="quiet" @click=${() => desk.siteForm.open()}>${t('list.addSite')}</button>`
        : nothing
    }
  </div>`;
}

function siteForm({ siteForm: form }: SettingsDesk) {
  const send = (event: Event) => {
    event.preventDefault();
    void form.send();
  };
  return html`<form class="new-site" novalidate @submit=${send}>
    <label for="new-site">${t('site.key')}</label>
    <input
      id="new-site"
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
      aria-describedby="new-site-hint"
      aria-invalid=${form.problem ? 'true' : nothing}
      .value=${live(form.key)}
      @input=${(event: Event) => form.type((event.target as HTMLInputElement).value)}
    />
    <p id="new-site-hint" class=${form.problem ? 'fault' : 'hint'} role=${form.problem ? 'alert' : nothing}>
      ${form.problem && form.problem.code !== 'request.invalid' ? problemText(settingWords, form.problem) : t('site.hint')}
    </p>
    <span class="row">
      <button aria-disabled=${form.sending}>${t('site.add')}</button>
      <button type="button" class="quiet" @click=${() => form.close()}>${t('site.cancel')}</button>
    </span>
  </form>`;
}

function rows(desk: SettingsDesk) {
  const { store, found } = desk;
  const retry = () => void store.refresh();
  if (!store.readAt) return store.problem ? failed(store.problem, retry) : loading(6);
  if (!found.length)
    return empty(t('list.none'), html`<button @click=${() => desk.search('')}>${t('list.clear')}</button>`);
  const groups = store.groups.filter(({ key }) => found.some((it) => it.group === key));
  return html`${store.problem ? failed(store.problem, retry) : nothing}
  ${groups.map(
    ({ key, label }) =>
      html`<h2 class="group" id="group-${key}">${label}</h2>
        <ol aria-labelledby="group-${key}">
          ${repeat(
            found.filter((it) => it.group === key),
            (it) => it.key,
            (it) => html`<li>${row(it, desk)}</li>`,
          )}
        </ol>`,
  )}`;
}

function row(setting: Setting, { store: { site }, openKey, drafts }: SettingsDesk) {
  return html`<a
    class="item"
    href=${routeHash('settings', idOf(setting.key, site))}
    aria-current=${setting.key === openKey ? 'true' : nothing}
    data-setting=${setting.key}
  >
    <span class="name">${setting.label} ${mark(setting, site, drafts.isUnsaved(setting, site))}</span>
    <span class="value" dir="auto">${valueWords(setting.value)}</span>
  </a>`;
}

function mark({ from }: Setting, site: string | null, isUnsaved: boolean) {
  if (isUnsaved) return html`<i class="unsaved">${t('list.unsaved')}</i>`;
  if (from === 'site') return html`<i>${t('list.own')}</i>`;
  return from === 'installation' && site === null ? html`<i>${t('list.changed')}</i>` : nothing;
}
