import { html, nothing } from 'lit';
import type { Notices } from '../../shell/notices.js';
import { routeHash } from '../../shell/route.js';
import { t } from '../../shell/strings.js';
import { noticeList } from '../../shell/notices.view.js';
import { NEW, type AlertDesk } from '../alert-desk.js';
import { standingOf } from '../alert-status.js';
import { alertBar } from './alert-bar.view.js';
import { composeForm } from './compose.view.js';
import { looks } from './looks.view.js';
import { alertBody } from './report.view.js';

/** The alert in view beside the list: its form or its report, how it looks, and what can be done. */
export function alertRoom(desk: AlertDesk, notices: Notices) {
  const { open, openId, composer } = desk;
  const writing = openId === NEW;
  const shown = writing ? composer.text : open;
  return html`<main class="one alert ${shown ? '' : 'bare'}" tabindex="-1">
    <header>
      <a class="back" href=${routeHash('alerts')} aria-label=${t('alerts.back')}>‹</a>
      <h2 dir="auto">
        ${writing ? t('write.title') : open ? t(`alert.heading.${standingOf(open)}`) : openId ? t('state.loading') : ''}
      </h2>
      ${writing && !composer.isEmpty ? html`<span class="kept">${t('write.kept')}</span>` : nothing}
    </header>
    <div class="middle">
      <div class="body">
        ${writing ? composeForm(composer, () => void desk.check()) : openId ? alertBody(desk) : nothing}
      </div>
      <aside class="looks" aria-label=${t('looks.label')}>${shown ? looks(shown) : nothing}</aside>
    </div>
    <div class="foot">${noticeList(notices)} ${alertBar(desk)}</div>
  </main>`;
}
