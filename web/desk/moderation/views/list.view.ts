import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { empty, failed, loading } from '../../../shared/states.js';
import { relativeTime } from '../../../shared/strings/translate.js';
import type { Case, Report } from '../contract.js';
import type { Queue } from '../queue.js';
import { routeHash } from '../../shell/route.js';
import { t, why } from '../../shell/strings.js';
import { oneLine } from '../../shell/text.view.js';

/** "3 reports: Abuse 2, Other": how many, and the commonest reason first. */
function reportSummary(reports: readonly Report[]): string {
  const counts = new Map<string, number>();
  for (const { reason } of reports) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const reasons = [...counts].sort(([, a], [, b]) => b - a);
  const words = reasons.map(([reason, n]) => (n > 1 && reasons.length > 1 ? `${why(reason)} ${n}` : why(reason)));
  const count = t('case.reports', { n: reports.length });
  return words.length ? `${count}: ${words.join(', ').toLowerCase()}` : count;
}

const waitingSince = (item: Case): string => item.reports.map((it) => it.createdAt).sort()[0] ?? item.comment.createdAt;

export function caseList(options: {
  queue: Queue;
  openId: string | null;
  notSaved: ReadonlySet<string>;
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
            : empty(t('list.emptyTitle'), html`<p>${t('list.emptyText')}</p>`)
          : problem
            ? failed(problem, options.onRetry)
            : loading(5)
      }
      ${queue.next ? html`<button class="quiet more" @click=${options.onMore}>${t('list.more')}</button>` : nothing}
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
        <span>${relativeTime(waitingSince(item))}</span>
      </small>
      <span class="excerpt" dir="auto">${oneLine(item.comment.body)}</span>
      <span class="why">${reportSummary(item.reports)}</span>
      ${notSaved ? html`<span class="unsaved">${t('list.notSaved')}</span>` : nothing}
    </a>
  </li>`;
}

export const listStyles = css`
  .list {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    min-inline-size: 0;
    background: var(--paper);
    border-inline-end: 1px solid var(--line);
  }
  .list > header {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 10px;
    align-items: baseline;
    min-block-size: 54px;
    padding: 13px 16px;
    border-block-end: 1px solid var(--line);
  }
  .list h1 {
    font: 700 17px/1.5 var(--ui);
    margin: 0;
  }
  .list > header span {
    color: var(--ink-3);
    font-size: 13px;
  }
  .scroll {
    flex: 1;
    min-block-size: 0;
    overflow-y: auto;
  }
  .scroll > [role='status'],
  .scroll > .state {
    padding-inline: 16px;
  }
  .list ol {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .item {
    display: block;
    padding: 12px 16px;
    border-block-end: 1px solid var(--line);
    text-decoration: none;
    scroll-margin-block: 40px;
  }
  .item:hover {
    background: var(--paper-2);
  }
  .item[aria-current] {
    background: var(--accent-soft);
    box-shadow: inset 3px 0 var(--accent);
  }
  .item[aria-current]:dir(rtl) {
    box-shadow: inset -3px 0 var(--accent);
  }
  .item:focus-visible {
    outline-offset: -3px;
  }
  .item small {
    display: flex;
    gap: 8px;
    color: var(--ink-3);
    font-size: 13px;
  }
  .item small bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .item small span {
    margin-inline-start: auto;
    white-space: nowrap;
  }
  .excerpt {
    font: 15px/1.4 var(--read);
    margin: 3px 0 6px;
    display: -webkit-box;
    -webkit-line-clamp: 2;
    -webkit-box-orient: vertical;
    overflow: hidden;
    overflow-wrap: anywhere;
  }
  .why {
    font-size: 13px;
    color: var(--warn);
  }
  .unsaved {
    font: 600 12px var(--ui);
    color: var(--accent);
    margin-inline-start: 8px;
  }
  .more {
    margin: 10px;
  }
  .stale {
    margin: 0;
    padding: 6px 16px;
    font-size: 13px;
    color: var(--warn);
    background: var(--paper-2);
    border-block-end: 1px solid var(--line);
  }
`;
