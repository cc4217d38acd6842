import { html, nothing } from 'lit';
import { failed, loading } from '../../../shared/states.js';
import { when } from '../../shell/text.view.js';
import { isOwn, type Setting, type Version } from '../contract.js';
import type { SettingsDesk } from '../settings-desk.js';
import { difference, valueLine } from '../value-words.js';
import { t } from '../words.js';

/** Lines of a difference that are shown; the rest is counted. */
const MOST = 12;

/** Who changed the setting, when, why, and from which value to which, newest first. */
export function settingHistory(desk: SettingsDesk, setting: Setting) {
  const { items, problem } = desk.store.history(setting.key);
  return html`<h3>${t('history.title')}</h3>
    ${problem ? failed(problem, () => void desk.store.readHistory(setting.key)) : nothing}
    ${items ? versions(desk, setting, items) : problem ? nothing : loading(2)}`;
}

function versions(desk: SettingsDesk, setting: Setting, items: readonly Version[]) {
  if (!items.length) return html`<p class="hint">${t('history.none')}</p>`;
  return html`<ol class="versions">
    ${items.map((it, at) => html`<li>${version(desk, setting, it, items[at + 1], at === 0)}</li>`)}
  </ol>`;
}

function version(desk: SettingsDesk, setting: Setting, it: Version, before: Version | undefined, isNewest: boolean) {
  const isInForce = isNewest && isOwn(setting, desk.store.site) === 'value' in it;
  return html`<p class="who">
      <b><bdi>${it.by?.displayName ?? t('history.operator')}</bdi></b> ${when(it.at)}
    </p>
    ${change(desk, setting, before, it)} ${it.reason ? html`<p class="why" dir="auto">${it.reason}</p>` : nothing}
    ${
      isInForce
        ? html`<span class="tag">${t('history.inForce')}</span>`
        : desk.mayChange(setting)
          ? html`<button class="quiet again" @click=${() => void desk.reuse(it)}>${t('history.again')}</button>`
          : nothing
    }`;
}

function change({ store }: SettingsDesk, setting: Setting, before: Version | undefined, it: Version) {
  const basis = store.site === null ? t('history.initial') : t('history.inherited');
  if (!('value' in it)) return html`<p>${t('history.back', { value: basis })}</p>`;
  // The first own value of a site replaced that of all sites, which is known only for the present.
  const old = before && 'value' in before ? before.value : store.site === null ? setting.initial : undefined;
  if (old === undefined) return html`<p class="diff">${line('added', [valueLine(it.value)])}</p>`;
  const { removed, added } = difference(old, it.value);
  if (!removed.length && !added.length) return html`<p>${t('history.order')}</p>`;
  return html`<div class="diff">${line('removed', removed)}${line('added', added)}</div>`;
}

function line(kind: 'removed' | 'added', lines: readonly string[]) {
  const name = { removed: t('history.before'), added: t('history.after') }[kind];
  const shown = lines.slice(0, MOST);
  const more = lines.length - shown.length;
  return html`${shown.map(
    (it) =>
      html`<span class=${kind}
        ><span class="sr">${name}: </span><span dir="auto">${it || t('value.empty')}</span></span
      >`,
  )}${more > 0 ? html`<span class="hint">${t('history.more', { n: more })}</span>` : nothing}`;
}
