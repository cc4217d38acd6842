import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { empty, failed, loading } from '../../../shared/states.js';
import { serverNow } from '../../../shared/server-clock.js';
import { relativeTime } from '../../../shared/strings/translate.js';
import type { Case, Report, Statistics } from '../contract.js';
import type { Queue } from '../queue.js';
import { routeHash } from '../../shell/route.js';
import { t, why } from '../words.js';
import { statisticsView } from './statistics.view.js';
import { oneLine } from '../../shell/text.view.js';

/** "3 reports: Off topic 2, Spam": the number of reports, then their reasons, the most frequent first. */
function reportSummary(reports: readonly Report[], url: string): string {
  const counts = new Map<string, number>();
  for (const { reason } of reports) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const reasons = [...counts].sort(([, a], [, b]) => b - a);
  const words = reasons.map(([reason, n]) =>
    n > 1 && reasons.length > 1 ? `${why(reason, url)} ${n}` : why(reason, url),
  );
  const count = t('case.reports', { n: reports.length });
  return words.length ? `${count}: ${words.join(', ')}` : count;
}

const waitingSince = (item: Case): string => item.reports.map((it) => it.createdAt).sort()[0] ?? item.comment.createdAt;

export function caseList(options: {
  queue: Queue<Case>;
  openId: string | null;
  notSaved: ReadonlySet<string>;
  numbers: Statistics | undefined;
  onMore: () => void;
  onRetry: () => void;
}) {
  const { queue, openId } = options;
  const { waiting, problem } = queue;
  return html`<section class="list" aria-label=${t('nav.reported')}>
    <header>
      <h1>${t('nav.reported')}</h1>
      ${queue.total ? html`<span>${t('list.waiting', { n: queue.total })}</span>` : nothing}
    </header>
    ${
      problem && queue.readAt && !problem.offline
        ? html`<p class="stale" role="status">
            ${t('list.staleFailed')}
            <button class="quiet" @click=${options.onRetry}>${t('state.retry')}</button>
          </p>`
        : nothing
    }
    <div class="scroll">
      ${
        queue.readAt
          ? waiting.length
            ? html`<ol>
                ${repeat(
                  waiting,
                  (it) => it.comment.id,
                  (it) => row(it, it.comment.id === openId, options.notSaved.has(it.comment.id)),
                )}
              </ol>`
            : html`${empty(t('list.emptyTitle'), html`<p>${t('list.emptyText')}</p>`)}
              ${statisticsView(options.numbers)}`
          : problem
            ? failed(problem, options.onRetry)
            : loading(5)
      }
      ${queue.next ? html`<button class="quiet show-more" @click=${options.onMore}>${t('list.more')}</button>` : nothing}
    </div>
  </section>`;
}

function row(item: Case, open: boolean, notSaved: boolean) {
  return html`<li>
    <a
      class="item"
      href=${routeHash('reported', item.comment.id)}
      aria-current=${open ? 'true' : nothing}
      data-comment=${item.comment.id}
    >
      <small>
        <bdi>${item.article.title || t('case.untitled')}</bdi>
        <span>${relativeTime(waitingSince(item), serverNow())}</span>
      </small>
      <span class="excerpt" dir="auto">${oneLine(item.comment.body)}</span>
      <span class="why">${reportSummary(item.reports, item.article.url)}</span>
      ${notSaved ? html`<span class="not-saved">${t('list.notSaved')}</span>` : nothing}
    </a>
  </li>`;
}
