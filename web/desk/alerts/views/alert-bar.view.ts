import { html, nothing } from 'lit';
import { t } from '../../shell/strings.js';
import { NEW, type AlertDesk } from '../alert-desk.js';

/** What can be done with the alert in view, one key each, shown on its button. */
export function alertBar(desk: AlertDesk) {
  return html`<div class="bar" role="group" aria-label=${t('act.label')}>${buttons(desk)}</div>`;
}

/** The wait before an alert goes, in the rooms of moderation; nothing where none is held. */
export const holdBar = (desk: AlertDesk) =>
  desk.dispatch.holding
    ? html`<div class="bar held" role="group" aria-label=${t('nav.alerts')}>${holding(desk)}</div>`
    : nothing;

function buttons(desk: AlertDesk) {
  const { dispatch, composer, open, openId } = desk;
  if (dispatch.holding) return holding(desk);
  if (openId === NEW) {
    const label = composer.checking ? t('write.checking') : t('write.check');
    return html`<button class="primary" form="compose" aria-disabled=${composer.checking || composer.tooLong}>
        ${label}<kbd aria-hidden="true">${onMac() ? '⌘' : 'Ctrl'} ↵</kbd>
      </button>
      ${composer.isEmpty ? nothing : html`<button class="quiet end" @click=${() => desk.empty()}>${t('write.empty')}</button>`}`;
  }
  if (!open) return nothing;
  const asking = dispatch.asking?.id === open.id ? dispatch.asking.verb : undefined;
  switch (open.state) {
    case 'draft':
      return html`<button
          class="primary"
          aria-disabled=${!open.audience || asking !== undefined}
          aria-keyshortcuts="s"
          @click=${() => desk.send()}
        >
          ${asking ? t('alert.asking') : t('alert.send', { n: open.audience })}<kbd aria-hidden="true">S</kbd>
        </button>
        ${button('edit', 'E', () => desk.edit())} ${button('discard', 'D', () => void desk.discard(), 'quiet end')}`;
    case 'sending':
      return html`<button
          class="primary"
          aria-disabled=${asking !== undefined}
          aria-keyshortcuts="x"
          @click=${() => void desk.stop()}
        >
          ${asking ? t('alert.stopping') : t('alert.stop')}<kbd aria-hidden="true">X</kbd>
        </button>
        <span class="said">${t('alert.noCallBack')}</span>`;
    default:
      return button('again', 'E', () => desk.edit());
  }
}

/** The wait before an alert goes: how long still, and the way back. */
function holding(desk: AlertDesk) {
  const { dispatch, openId } = desk;
  const { alert, left } = dispatch.holding!;
  const words =
    alert.id === openId
      ? t('alert.hold', { n: alert.audience, left })
      : t('alert.holdOther', { title: alert.title, left });
  return html`<span class="hold" style="--left:${left}">${words}</span>
    ${button('undo', 'Z', () => desk.undo(), 'primary')} ${button('go', 'W', () => void dispatch.go())}`;
}

function button(act: 'edit' | 'discard' | 'again' | 'undo' | 'go', key: string, run: () => void, looks = '') {
  return html`<button class="${act} ${looks}" aria-keyshortcuts=${key.toLowerCase()} @click=${run}>
    ${t(`alert.${act}`)}<kbd aria-hidden="true">${key}</kbd>
  </button>`;
}

const onMac = (): boolean => /^Mac|iPhone|iPad/.test(navigator.platform);
