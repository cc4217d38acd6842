import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { empty, failed, loading } from '../../../shared/states.js';
import { routeHash } from '../../shell/route.js';
import { t } from '../words.js';
import { when } from '../../shell/text.view.js';
import { NEW, type AlertDesk } from '../alert-desk.js';
import type { Alert } from '../contract.js';
import { settled, share, targetCount } from '../progress.js';
import { statusOf } from '../alert-status.js';

/** All alerts, newest first: sent, being sent and not sent yet. */
export function alertList(desk: AlertDesk) {
  const writing = desk.openId === NEW;
  return html`<section class="list alerts" aria-label=${t('nav.alerts')}>
    <header>
      <h1>${t('nav.alerts')}</h1>
      <span>${t('alerts.sub')}</span>
      <a class="write" href=${routeHash('alerts', NEW)} aria-current=${writing ? 'true' : nothing} aria-keyshortcuts="n"
        >${t('alerts.new')}<kbd aria-hidden="true">N</kbd></a
      >
    </header>
    <div class="scroll">${rows(desk)}</div>
  </section>`;
}

function rows({ store, openId }: AlertDesk) {
  const retry = () => void store.refresh();
  if (!store.readAt) return store.problem ? failed(store.problem, retry) : loading(5);
  if (!store.items.length) return empty(t('alerts.emptyTitle'), html`<p>${t('alerts.emptyText')}</p>`);
  return html`${store.problem ? failed(store.problem, retry) : nothing}
    <ol>
      ${repeat(
        store.items,
        (it) => it.id,
        (it) => html`<li>${row(it, it.id === openId)}</li>`,
      )}
    </ol>
    <div class="tail">
      ${
        store.next
          ? html`<button class="quiet" @click=${() => void store.older()}>${t('alerts.older')}</button>`
          : html`<span>${t('alerts.end')}</span>`
      }
    </div>`;
}

function row(alert: Alert, open: boolean) {
  const status = statusOf(alert);
  const { counts } = alert;
  const n = alert.state === 'sending' ? settled(counts) : counts.accepted;
  return html`<a
    class="item"
    href=${routeHash('alerts', alert.id)}
    aria-current=${open ? 'true' : nothing}
    data-alert=${alert.id}
  >
    <small>
      <b class=${status}>${t(`alerts.state.${status}`)}</b>
      <span>${when(alert.sentAt ?? alert.createdAt)}</span>
    </small>
    <span class="excerpt" dir="auto">${alert.title}</span>
    <span class="result">${t(`alerts.row.${status}`, { n, all: targetCount(alert) })}</span>
    ${
      alert.state === 'sending'
        ? html`<span class="gauge" aria-hidden="true"><i style="inline-size:${share(alert) * 100}%"></i></span>`
        : nothing
    }
  </a>`;
}
