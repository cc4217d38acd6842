import { html, nothing } from 'lit';
import { t } from '../words.js';
import type { AlertText } from '../contract.js';

/** Most phones cut a title after about this many characters. */
const LONG = 40;

/** A preview of the notification, from the text in the form or of a sent alert. */
export function preview({ title, body, url }: Pick<AlertText, 'title' | 'body' | 'url'>) {
  const host = URL.canParse(url.trim()) ? new URL(url.trim()).host : location.host;
  const length = title.trim().length;
  return html`<h3>${t('preview.computer')}</h3>
    ${toast(title, body, host)}
    <h3>${t('preview.phone')}</h3>
    ${toast(title, body, host, 'phone')}
    <p>${t('preview.hint')} ${length > LONG ? t('preview.long', { n: length }) : nothing}</p>`;
}

function toast(title: string, body: string, host: string, kind = '') {
  return html`<div class="toast ${kind}">
    <i aria-hidden="true">${(host.replace(/^www\./, '')[0] ?? '').toUpperCase()}</i>
    <b dir="auto" class=${title.trim() ? '' : 'blank'}>${title.trim() || t('write.headline')}</b>
    <span dir="auto" class=${body.trim() ? '' : 'blank'}>${body.trim() || t('write.body')}</span>
    <small dir="ltr">${host}</small>
  </div>`;
}
