import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { empty, failed, loading } from '../../../shared/states.js';
import type { LoggedDecision } from '../contract.js';
import type { DecisionLog, Filter } from '../decision-log.js';
import { routeHash } from '../../shell/route.js';
import { t, why } from '../words.js';
import { oneLine, when } from '../../shell/text.view.js';

const FILTERS: readonly Filter[] = ['all', 'approve', 'reject', 'remove', 'restore', 'keep'];

export function decisionList(options: {
  log: DecisionLog;
  openId: string | null;
  restoring: ReadonlySet<string>;
  onRestore: (decision: LoggedDecision) => void;
}) {
  const { log } = options;
  return html`<section class="list log" aria-label=${t('log.title')}>
    <header>
      <h1>${t('log.title')}</h1>
      <span>${t('log.sub')}</span>
      <div class="filters" role="group" aria-label=${t('log.filter')}>
        ${FILTERS.map(
          (it) =>
            html`<button class="quiet" aria-pressed=${log.filter === it} @click=${() => log.choose(it)}>
              ${it === 'all' ? t('log.all') : t(`logged.${it}`)}
            </button>`,
        )}
      </div>
    </header>
    <div class="scroll">${rows(options)}</div>
  </section>`;
}

function rows(options: Parameters<typeof decisionList>[0]) {
  const { log } = options;
  const retry = () => void log.refresh();
  if (!log.readAt) return log.problem ? failed(log.problem, retry) : loading(5);
  if (!log.items.length)
    return log.filter === 'all'
      ? empty(t('log.emptyTitle'), html`<p>${t('log.emptyText')}</p>`)
      : empty(t('log.emptyFilter'));
  return html`${log.problem ? failed(log.problem, retry) : nothing}
    <ol>
      ${repeat(
        log.items,
        (it) => it.id,
        (it) => row(it, options),
      )}
    </ol>
    <div class="tail">
      ${
        log.next
          ? html`<button class="quiet" @click=${() => void log.older()}>${t('log.older')}</button>`
          : html`<span>${t('log.end')}</span>`
      }
    </div>`;
}

function row(it: LoggedDecision, { log, openId, restoring, onRestore }: Parameters<typeof decisionList>[0]) {
  const busy = it.commentId !== null && restoring.has(it.commentId);
  return html`<li class="decision">
    <a
      class="item"
      href=${it.commentId === null ? routeHash('held', it.heldId) : routeHash('decisions', it.commentId)}
      aria-current=${it.commentId !== null && it.commentId === openId ? 'true' : nothing}
      data-decision=${it.id}
    >
      <small>
        <b class=${it.action}>${t(`logged.${it.action}`)}</b>
        ${it.action === 'remove' || it.action === 'reject' ? html`<bdi>${why(it.reason, it.article.url)}</bdi>` : nothing}
        <span>${when(it.createdAt)}</span>
      </small>
      <span class="excerpt" dir="auto">${it.excerpt ? oneLine(it.excerpt) : html`<i>${t('log.noText')}</i>`}</span>
      <span class="by">
        <bdi>${it.author.displayName}</bdi>, ${t('log.on', { title: it.article.title || t('case.untitled') })}
      </span>
      <span class="by">
        ${t(`by.${it.action}`, { who: it.moderator.displayName })}
        ${it.note ? html`<q dir="auto">${it.note}</q>` : nothing}
      </span>
    </a>
    ${
      log.isInForce(it)
        ? html`<button class="quiet restore" aria-disabled=${busy} @click=${() => busy || onRestore(it)}>
            ${t('act.restore')}
          </button>`
        : nothing
    }
  </li>`;
}
