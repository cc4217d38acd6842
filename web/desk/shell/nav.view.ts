import { html, nothing } from 'lit';
import { browserTimeFormat } from '../../shared/strings/formats.js';
import type { Desk } from './desk.js';
import { routeHash } from './route.js';
import { t } from './strings.js';

/** The pages that the account may open, the state of the connection, and who is signed in. */
export function navigation(desk: Desk, callbacks: { onKeys: () => void; onSignOut: () => void }) {
  const { route, openPages, session } = desk;
  const account = session.account!;
  return html`<nav aria-label=${t('nav.label')}>
    <b class="brand">${t('desk.title')}</b>
    <div class="pages">
      ${openPages.map(
        ({ name, label, count }) =>
          html`<a href=${routeHash(name)} aria-current=${name === route.page ? 'page' : nothing}>
            <span>${label}</span>${count === undefined ? nothing : html`<i>${count}</i>`}
          </a>`,
      )}
    </div>
    ${connection(desk)}
    <div class="me">
      <b><bdi>${account.displayName}</bdi></b>
      <span class="role">${t(`role.${account.role}`)}</span>
      <span class="row">
        <button class="quiet keys" @click=${callbacks.onKeys}>${t('nav.keys')}<kbd aria-hidden="true">?</kbd></button>
        <button class="quiet" @click=${callbacks.onSignOut}>${t('nav.signOut')}</button>
      </span>
    </div>
  </nav>`;
}

/** Says how fresh the lists are: live, read every few seconds, or not reachable since when. */
function connection({ openPages, live }: Desk) {
  const readAt = openPages.map((it) => it.readAt).find((it) => it !== undefined);
  const isOffline = live.state === 'offline' || openPages.some((it) => it.isOffline);
  if (isOffline && readAt !== undefined) {
    const time = browserTimeFormat().format(readAt);
    return html`<p class="connection off" role="status">${t('live.offline', { time })}</p>`;
  }
  if (live.state === 'live') return html`<p class="connection on" role="status">${t('live.on')}</p>`;
  const text = live.state === 'connecting' ? t('live.connecting') : t('live.off');
  return html`<p class="connection wait" role="status">${text}</p>`;
}
