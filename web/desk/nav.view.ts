import { css, html, nothing } from 'lit';
import type { Account } from '../shared/contract.js';
import type { AlertDesk } from './alerts/alert-desk.js';
import { share } from './alerts/progress.js';
import type { PageLive } from '../shared/page/live.js';
import type { Queue } from './moderation/queue.js';
import { routeHash, type Route } from './shell/route.js';
import { t } from './shell/strings.js';

export function navigation(options: {
  page: Route['page'];
  account: Account;
  queue: Queue;
  /** Only for those who may send them. */
  alerts: AlertDesk | undefined;
  live: PageLive;
  onKeys: () => void;
  onSignOut: () => void;
}) {
  const { page, queue, account, live, alerts } = options;
  const number = new Intl.NumberFormat();
  const current = (it: Route['page']) => (it === page ? 'page' : nothing);
  return html`<nav aria-label=${t('nav.label')}>
    <b class="brand">${t('desk.title')}</b>
    <div class="rooms">
      <a href=${routeHash('reported')} aria-current=${current('reported')}>
        <span>${t('nav.reported')}</span>
        ${queue.readAt ? html`<i>${number.format(queue.total)}</i>` : nothing}
      </a>
      <a href=${routeHash('decisions')} aria-current=${current('decisions')}><span>${t('nav.decisions')}</span></a>
      ${
        alerts
          ? html`<a href=${routeHash('alerts')} aria-current=${current('alerts')}>
              <span>${t('nav.alerts')}</span>${underWay(alerts)}
            </a>`
          : nothing
      }
    </div>
    ${connection(queue, live)}
    <div class="me">
      <b><bdi>${account.displayName}</bdi></b>
      <span class="role">${t(`role.${account.role}`)}</span>
      <span class="row">
        <button class="quiet keys" @click=${options.onKeys}>${t('nav.keys')}<kbd aria-hidden="true">?</kbd></button>
        <button class="quiet" @click=${options.onSignOut}>${t('nav.signOut')}</button>
      </span>
    </div>
  </nav>`;
}

/** What of the alerts goes on just now, seen from every room. */
function underWay({ dispatch, store }: AlertDesk) {
  if (dispatch.holding) return html`<i>${t('nav.holding', { n: dispatch.holding.left })}</i>`;
  const [first] = store.running;
  return first ? html`<i>${Math.floor(share(first) * 100)} %</i>` : nothing;
}

/** Honest about how fresh the list is: live, looked at every few seconds, or not reachable since when. */
function connection(queue: Queue, live: PageLive) {
  if ((live.state === 'offline' || queue.problem?.offline) && queue.readAt) {
    const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }).format(queue.readAt);
    return html`<p class="line off" role="status">${t('live.offline', { time })}</p>`;
  }
  if (live.state === 'live') return html`<p class="line on" role="status">${t('live.on')}</p>`;
  return html`<p class="line wait" role="status">
    ${live.state === 'connecting' ? t('live.connecting') : t('live.off')}
  </p>`;
}

export const navStyles = css`
  nav {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    padding: 14px;
    border-inline-end: 1px solid var(--line);
    background: var(--paper-2);
    overflow-y: auto;
  }
  .brand {
    font: 700 21px/1.3 var(--read);
    margin: 0 8px 16px;
  }
  .rooms a {
    display: flex;
    justify-content: space-between;
    gap: 8px;
    padding: 7px 8px;
    border-radius: var(--radius);
    color: var(--ink-2);
    text-decoration: none;
    transition: none;
  }
  .rooms a:hover {
    color: var(--ink);
  }
  .rooms a[aria-current] {
    background: var(--paper);
    color: var(--ink);
    font-weight: 600;
  }
  .rooms i {
    font-style: normal;
    color: var(--ink-3);
    font-variant-numeric: tabular-nums;
  }
  .me {
    padding: 0 8px;
    font-size: 14px;
    overflow-wrap: anywhere;
  }
  .me > b {
    display: block;
    font-weight: 600;
  }
  .me .role {
    display: block;
    color: var(--ink-3);
    font-size: 13px;
  }
  .me .row {
    display: flex;
    flex-wrap: wrap;
    margin: 4px 0 0;
    margin-inline-start: -6px;
  }
  .line {
    margin: auto 8px 0;
    padding: 18px 0 12px;
    font-size: 13px;
    line-height: 1.4;
    color: var(--ink-3);
  }
  .line::before {
    content: '';
    display: inline-block;
    inline-size: 8px;
    block-size: 8px;
    border-radius: 50%;
    margin-inline-end: 7px;
    background: var(--good);
  }
  .line.wait::before {
    background: none;
    box-shadow: inset 0 0 0 2px var(--warn);
  }
  .line.off {
    color: var(--warn);
  }
  .line.off::before {
    background: var(--warn);
  }
`;
