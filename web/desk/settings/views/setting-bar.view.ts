import { html, nothing } from 'lit';
import { idOf, isOwn, type Setting } from '../contract.js';
import type { SettingsDesk } from '../settings-desk.js';
import { t } from '../words.js';

/** The buttons of the open setting, for those who may change it. */
export function settingBar(desk: SettingsDesk, setting: Setting) {
  if (!desk.mayChange(setting)) return nothing;
  const { site } = desk.store;
  const isSaving = desk.changes.saving === idOf(setting.key, site);
  const isUnsaved = desk.drafts.isUnsaved(setting, site);
  const isOutdated = desk.drafts.isOutdated(setting, site);
  return html`<div class="bar" role="group" aria-label=${t('action.label')}>
    <button class="primary" form="setting" aria-disabled=${isSaving || !isUnsaved || isOutdated}>
      ${isSaving ? t('act.saving') : t('act.save')}<kbd aria-hidden="true">${onMac() ? '⌘' : 'Ctrl'} ↵</kbd>
    </button>
    ${isUnsaved ? html`<button @click=${() => desk.discard()}>${t('act.discard')}</button>` : nothing}
    ${
      isOwn(setting, site)
        ? html`<button class="quiet end" aria-disabled=${isSaving} @click=${() => void desk.reset()}>
            ${t(site === null ? 'act.reset' : 'act.inherit')}
          </button>`
        : nothing
    }
  </div>`;
}

const onMac = (): boolean => /^Mac|iPhone|iPad/.test(navigator.platform);
