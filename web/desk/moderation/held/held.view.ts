import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { serverNow } from '../../../shared/server-clock.js';
import { empty, failed, loading } from '../../../shared/states.js';
import { relativeTime } from '../../../shared/strings/translate.js';
import { routeHash } from '../../shell/route.js';
import { badges, oneLine, userText, when } from '../../shell/text.view.js';
import type { HeldCase } from '../contract.js';
import { context } from '../views/case.view.js';
import { decisionLine } from '../views/decision-line.view.js';
import { t } from '../words.js';
import type { HeldDesk } from './held-desk.js';

/** The address of the comment that it became, else of the one that it answers, else of the article. */
export function heldLink({ article, ancestors, commentId }: HeldCase): string | undefined {
  if (!URL.canParse(article.url)) return undefined;
  const url = new URL(article.url);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  const at = commentId ?? ancestors.at(-1)?.id;
  if (at) url.hash = `rostra-comment-${at}`;
  return url.href;
}

export function heldList({ queue, openId }: HeldDesk) {
  const { waiting, problem } = queue;
  return html`<section class="list" aria-label=${t('nav.held')}>
    <header>
      <h1>${t('nav.held')}</h1>
      ${queue.total ? html`<span>${t('list.waiting', { n: queue.total })}</span>` : nothing}
    </header>
    ${
      problem && queue.readAt && !problem.offline
        ? html`<p class="stale" role="status">
            ${t('list.staleFailed')}
            <button class="quiet" @click=${() => void queue.refresh()}>${t('state.retry')}</button>
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
                  (it) => it.id,
                  (it) => row(it, it.id === openId),
                )}
              </ol>`
            : empty(
                t('held.emptyTitle'),
                html`<p>${t('held.emptyText')}</p>
                  <p><a href=${routeHash('settings', 'screening.pre_moderation')}>${t('held.settings')}</a></p>`,
              )
          : problem
            ? failed(problem, () => void queue.refresh())
            : loading(5)
      }
      ${
        queue.next
          ? html`<button class="quiet show-more" @click=${() => void queue.more()}>${t('list.more')}</button>`
          : nothing
      }
    </div>
  </section>`;
}

function row(item: HeldCase, open: boolean) {
  return html`<li>
    <a class="item" href=${routeHash('held', item.id)} aria-current=${open ? 'true' : nothing} data-held=${item.id}>
      <small>
        <bdi>${item.article.title || t('case.untitled')}</bdi>
        <span>${relativeTime(item.createdAt, serverNow())}</span>
      </small>
      <span class="excerpt" dir="auto">${oneLine(item.body)}</span>
      <span class="why"
        ><bdi>${item.author.displayName}</bdi>${item.ancestors.length ? `, ${t('held.reply')}` : nothing}</span
      >
    </a>
  </li>`;
}

/** The text in its conversation: the comments that it answers, the text, and why it waits. */
export function heldBody(desk: HeldDesk) {
  const { item, problem, openId, queue } = desk;
  if (!openId) return queue.waiting.length ? html`<p class="choose">${t('case.choose')}</p>` : nothing;
  if (!item) {
    if (problem?.status === 404) return html`<div class="state"><p>${t('held.notFound')}</p></div>`;
    return problem ? failed(problem, () => void desk.reload()) : loading(3);
  }
  return html`${item.ancestors.slice(-2).map((it) => context(it, item.article.url))}
    <article class="focus" aria-label=${t('held.focusLabel')}>
      ${
        item.state === 'held'
          ? nothing
          : html`<p class="status">
              ${item.decision ? html`${decisionLine(item.decision, item.article.url)}<br />` : nothing}
              ${t(`held.state.${item.state}`)}
            </p>`
      }
      <div class="byline">
        <b><bdi>${item.author.displayName}</bdi></b> ${badges(item.author.badges)} ${when(item.createdAt)}
      </div>
      ${item.body ? userText(item.body) : html`<p><i>${t('held.erased')}</i></p>`}
    </article>
    <section class="reports"><p>${t('held.why', { why: item.why })}</p></section>`;
}
