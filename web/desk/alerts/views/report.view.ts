import { html, nothing } from 'lit';
import { numberFormat } from '../../../shared/strings/formats.js';
import { failed, loading } from '../../../shared/states.js';
import { t } from '../words.js';
import { when } from '../../shell/text.view.js';
import type { AlertDesk } from '../alert-desk.js';
import type { Alert, Counts } from '../contract.js';
import { MOST_BYTES } from '../payload-size.js';
import { settled, share, toGo, targetCount } from '../progress.js';
import { statusOf } from '../alert-status.js';
import { duration, elapsed } from './duration.js';

/** One alert: how many browsers it would reach, its progress, or its report. */
export function alertBody({ open: alert, openId, store, composer }: AlertDesk) {
  if (!alert) {
    const problem = openId ? store.problems.get(openId) : undefined;
    if (problem?.status === 404) return html`<div class="state"><p>${t('alerts.notFound')}</p></div>`;
    return problem ? failed(problem, () => void store.read(openId!)) : loading(3);
  }
  const topic = composer.topics?.find((it) => it.key === alert.topic)?.name ?? alert.topicName;
  return html`<article class="focus">
      <b dir="auto">${alert.title}</b>
      <div class="user-text" dir="auto">${alert.body}</div>
    </article>
    ${summary(alert, topic)} ${facts(alert, topic)}`;
}

function summary(alert: Alert, topic: string) {
  const { counts, audience } = alert;
  const all = targetCount(alert);
  switch (statusOf(alert)) {
    case 'draft':
      return audience
        ? lead(t('alert.reaches', { n: audience }), t('alert.reachesWho', { topic }))
        : lead(t('alert.nobody'), t('alert.nobodyWho', { topic }));
    case 'discarded':
      return lead(t('alert.discardedLead'));
    case 'sending':
      return html`${lead(all ? t('alert.progress', { n: settled(counts), all }) : t('alert.gathering'))} ${gauge(alert)}
      ${figures(alert)}`;
    case 'sent':
      return html`${lead(t('alert.done', { n: counts.accepted, all }), t('alert.honest'))} ${figures(alert)}`;
    case 'cancelled':
      return html`${lead(counts.accepted ? t('alert.stopped', { n: counts.accepted, all }) : t('alert.stoppedNone'), t('alert.noCallBack'))}
      ${figures(alert)}`;
  }
}

const lead = (text: string, more?: string) =>
  html`<p class="lead">${text}</p>
    ${more ? html`<p class="more">${more}</p>` : nothing}`;

function gauge(alert: Alert) {
  const percent = Math.floor(share(alert) * 100);
  return html`<div
    class="gauge"
    role="progressbar"
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${percent}
    aria-label=${t('alerts.state.sending')}
  >
    <i style="inline-size:${percent}%"></i>
  </div>`;
}

const ROWS: readonly (keyof Counts)[] = ['accepted', 'gone', 'failed', 'expired', 'cancelled'];

/** All counts of the report, zeros muted. They add up to the last line. */
function figures(alert: Alert) {
  const left = toGo(alert);
  const row = (name: string, n: number, key: string) =>
    html`<dt class=${n ? key : 'none'}>${name}</dt>
      <dd class=${n ? key : 'none'} data-count=${key}>${numberFormat('en').format(n)}</dd>`;
  return html`<dl class="figures">
    ${ROWS.map((it) => row(t(`count.${it}`), alert.counts[it], it))}
    ${left ? row(t(alert.state === 'cancelled' ? 'count.unsettled' : 'count.toGo'), left, 'toGo') : nothing}
    ${row(t('count.targeted'), targetCount(alert), 'targeted')}
  </dl>`;
}

function facts(alert: Alert, topic: string) {
  const { url, sentAt, finishedAt } = alert;
  const web = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  return html`<dl class="facts">
    <dt>${t('alert.topic')}</dt>
    <dd>${topic}</dd>
    <dt>${t('alert.story')}</dt>
    <dd>
      ${web ? html`<a class="page" href=${url} target="_blank" rel="noopener noreferrer" dir="ltr">${url}</a>` : url}
    </dd>
    <dt>${t('alert.urgency')}</dt>
    <dd>${alert.urgency === 'high' ? t('write.high') : t('write.normal')}</dd>
    <dt>${t('alert.ttl')}</dt>
    <dd>${duration(alert.ttl)}</dd>
    <dt>${t('alert.size')}</dt>
    <dd>${t('write.bytes', { n: alert.bytes, most: MOST_BYTES })}</dd>
    <dt>${t('alert.by')}</dt>
    <dd><bdi>${alert.author.displayName}</bdi>, ${when(alert.createdAt)}</dd>
    ${
      sentAt
        ? html`<dt>${t('alert.sent')}</dt>
            <dd>${when(sentAt)}</dd>`
        : nothing
    }
    ${
      sentAt && finishedAt
        ? html`<dt>${t('alert.took')}</dt>
            <dd>${elapsed(Date.parse(finishedAt) - Date.parse(sentAt))}</dd>`
        : nothing
    }
  </dl>`;
}
