import { html, nothing } from 'lit';
import { t } from '../words.js';
import { NEW, type AlertDesk } from '../alert-desk.js';

/** The buttons for the open alert. Each shows its key. */
export function alertBar(desk: AlertDesk) {
  return html`<div class="bar" role="group" aria-label=${t('action.label')}>${buttons(desk)}</div>`;
}

/** The countdown before an alert is sent, as the other pages show it. */
export const countdownBar = (desk: AlertDesk) =>
  html`<div class="bar held" role="group" aria-label=${t('nav.alerts')}>${countdown(desk)}</div>`;

function buttons(desk: AlertDesk) {
  const { sender, composer, open, openId } = desk;
  if (sender.holding) return countdown(desk);
  if (openId === NEW) {
    const label = composer.checking ? t('write.checking') : t('write.check');
    return html`<button class="primary" form="compose" aria-disabled=${composer.checking || composer.tooLong}>
        ${label}<kbd aria-hidden="true">${onMac() ? '⌘' : 'Ctrl'} ↵</kbd>
      </button>
      ${composer.isEmpty ? nothing : html`<button class="quiet end" @click=${() => desk.clear()}>${t('write.clear')}</button>`}`;
  }
  if (!open) return nothing;
  const request = sender.request?.id === open.id ? sender.request.verb : undefined;
  switch (open.state) {
    case 'draft':
      return html`<button
          class="primary"
          aria-disabled=${!open.audience || request !== undefined}
          aria-keyshortcuts="s"
          @click=${() => desk.send()}
        >
          ${sendLabel(open.audience, request)}<kbd aria-hidden="true">S</kbd>
        </button>
        ${button('edit', 'E', () => desk.edit())} ${button('discard', 'D', () => void desk.discard(), 'quiet end')}`;
    case 'sending':
      return html`<button
          class="primary"
          aria-disabled=${request !== undefined}
          aria-keyshortcuts="x"
          @click=${() => void desk.stop()}
        >
          ${request ? t('alert.stopping') : t('alert.stop')}<kbd aria-hidden="true">X</kbd>
        </button>
        <span class="note">${t('alert.noCallBack')}</span>`;
    default:
      return button('again', 'E', () => desk.edit());
  }
}

/** The seconds that are left, and the buttons that undo or end the countdown. */
function countdown(desk: AlertDesk) {
  const { sender, openId } = desk;
  const { alert, left } = sender.holding!;
  const words =
    alert.id === openId
      ? t('alert.hold', { n: alert.audience, left })
      : t('alert.holdOther', { title: alert.title, left });
  return html`<span class="countdown" style="--left:${left}">${words}</span>
    ${button('undo', 'Z', () => desk.undo(), 'primary')} ${button('go', 'W', () => void sender.sendNow())}`;
}

function sendLabel(audience: number, request: 'send' | 'cancel' | undefined): string {
  if (request) return t(request === 'send' ? 'alert.asking' : 'alert.discarding');
  return t('alert.send', { n: audience });
}

function button(act: 'edit' | 'discard' | 'again' | 'undo' | 'go', key: string, run: () => void, kind = '') {
  return html`<button class="${act} ${kind}" aria-keyshortcuts=${key.toLowerCase()} @click=${run}>
    ${t(`alert.${act}`)}<kbd aria-hidden="true">${key}</kbd>
  </button>`;
}

const onMac = (): boolean => /^Mac|iPhone|iPad/.test(navigator.platform);
