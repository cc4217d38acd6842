import { css, html, nothing } from 'lit';
import type { Comment } from '../../../shared/contract.js';
import { failed, loading } from '../../../shared/states.js';
import type { Case, Decision, Report } from '../contract.js';
import type { OpenCase } from '../open-case.js';
import { t, why } from '../../shell/strings.js';
import { badges, nameOf, prose, tombstone, when } from '../../shell/text.view.js';
import { decisionLine } from './decision-line.view.js';

/** So many of the nearest ancestors are always in sight; the ones above fold into one line. */
const NEAR = 2;

/** The address of a comment on its article's page; only a web address becomes a link. */
export function pageLink(item: Case): string | undefined {
  if (!URL.canParse(item.article.url)) return undefined;
  const url = new URL(item.article.url);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  url.hash = `rostra-comment-${item.comment.id}`;
  return url.href;
}

/** The case in its conversation: what it answers, the comment itself, what answered it, and who reported it. */
export function caseBody(options: {
  open: OpenCase;
  /** It is in the queue: nobody has decided yet. */
  waiting: boolean;
  unfolded: boolean;
  onUnfold: () => void;
  onRetry: () => void;
}) {
  const { open } = options;
  const { item, problem } = open;
  if (!item) {
    if (problem?.status === 404) return html`<div class="state"><p>${t('case.notFound')}</p></div>`;
    if (problem) return failed(problem, options.onRetry);
    return loading(3);
  }
  const { ancestors } = item;
  const newest = options.waiting ? undefined : newestDecision(item);
  const earlier = item.decisions.filter((it) => it !== newest);
  const far = options.unfolded ? 0 : Math.max(0, ancestors.length - NEAR);
  return html`${
      far
        ? html`<button class="quiet unfold" @click=${options.onUnfold}>${t('case.earlierHidden', { n: far })}</button>`
        : nothing
    }
    ${ancestors.slice(far).map(contextual)} ${focus(item, newest, open.textBefore)}
    ${open.replies?.items.length ? replies(item, open.replies.items) : nothing}
    <section class="rep">
      ${
        item.reports.length
          ? html`<h2>${t('case.reports', { n: item.reports.length })}</h2>
              <ul>
                ${item.reports.map((it) => report(it, item.comment.revision))}
              </ul>`
          : html`<p>${t('case.noReports')}</p>`
      }
      ${
        earlier.length
          ? html`<h2>${t('case.decisions')}</h2>
              <ul>
                ${earlier.map((it) => html`<li>${decisionLine(it)}</li>`)}
              </ul>`
          : nothing
      }
    </section>`;
}

const contextual = (comment: Comment) =>
  html`<article class="ctx">
    ${
      tombstone(comment) ??
      html`<b><bdi>${nameOf(comment.author)}</bdi></b> ${badges(comment.author?.badges)} ${prose(comment.body ?? '')}`
    }
  </article>`;

function focus(item: Case, newest: Decision | undefined, textBefore: string | undefined) {
  const { comment } = item;
  const author = comment.author ?? item.author;
  return html`<article class="focus" aria-label=${t('case.focusLabel')}>
    ${standing(comment, newest)}
    <div class="who">
      <b><bdi>${nameOf(author)}</bdi></b> ${badges(author?.badges)} ${when(comment.createdAt)}
      ${comment.editedAt ? html`<span>${t('case.edited')} ${when(comment.editedAt)}</span>` : nothing}
    </div>
    ${prose(comment.body ?? '')}
    ${
      textBefore !== undefined && textBefore !== comment.body
        ? html`<div class="changed" role="status">
            <p>${t('case.editedUnderYou')}</p>
            <details>
              <summary>${t('case.textBefore')}</summary>
              ${prose(textBefore)}
            </details>
          </div>`
        : nothing
    }
  </article>`;
}

const newestDecision = (item: Case): Decision | undefined =>
  item.decisions.reduce<Decision | undefined>(
    (found, it) => (found && found.createdAt > it.createdAt ? found : it),
    undefined,
  );

/** What holds for this comment now, where nobody waits for a decision on it. */
function standing(comment: Comment, newest: Decision | undefined) {
  const away = {
    published: undefined,
    removed: t('case.removedNow', { reason: why(comment.removal?.reason).toLowerCase() }),
    deleted: t('case.deletedNow'),
  }[comment.state];
  if (!away && !newest) return nothing;
  return html`<p class="away">${newest ? html`${decisionLine(newest)}<br />` : nothing}${away}</p>`;
}

function replies(item: Case, items: readonly Comment[]) {
  const more = item.comment.replyCount - items.filter((it) => it.state === 'published').length;
  return html`<section class="kids" aria-label=${t('case.replies', { n: item.comment.replyCount })}>
    ${items.map(contextual)} ${more > 0 ? html`<p class="more">${t('case.repliesMore', { n: more })}</p>` : nothing}
  </section>`;
}

function report(it: Report, revision: number) {
  const from = it.reporter ? t('case.reportBy', { name: it.reporter.displayName }) : t('case.reportAnonymous');
  return html`<li>
    <b>${why(it.reason)}</b>
    ${it.note ? html`<q dir="auto">${it.note}</q>` : nothing}
    <small
      >${it.note ? nothing : html`${t('case.reportNoNote')}, `}${from},
      ${when(it.createdAt)}${it.revision < revision ? html`, <em>${t('case.reportOlder')}</em>` : nothing}</small
    >
  </li>`;
}

export const caseStyles = css`
  .one {
    display: flex;
    flex-direction: column;
    min-inline-size: 0;
    min-block-size: 0;
    background: var(--paper);
  }
  .one > header {
    display: flex;
    gap: 12px;
    align-items: baseline;
    min-block-size: 54px;
    padding: 13px 24px;
    border-block-end: 1px solid var(--line);
  }
  .one > header h2 {
    font: 700 15px/1.6 var(--ui);
    margin: 0;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .one > header a {
    color: var(--ink-3);
    font-size: 13px;
    white-space: nowrap;
  }
  .one > header a:hover {
    color: var(--ink);
  }
  .one > header .back {
    display: none;
  }
  .body {
    flex: 1;
    min-block-size: 0;
    overflow-y: auto;
    padding: 20px 24px 28px;
  }
  .body > * {
    max-inline-size: 74ch;
  }
  .prose {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }
  .ctx {
    border-inline-start: 2px solid var(--line);
    padding-inline-start: 16px;
    margin-block-end: 14px;
    color: var(--ink-2);
    font: 15px/1.5 var(--read);
  }
  .ctx b {
    font-weight: 700;
  }
  .focus {
    border-inline-start: 3px solid var(--accent);
    padding-inline-start: 15px;
    margin-block-end: 14px;
    font: 19px/1.55 var(--read);
  }
  .who {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 8px;
    align-items: baseline;
  }
  .who time,
  .who > span:not(.tag) {
    font: 13px var(--ui);
    color: var(--ink-3);
  }
  .away {
    font: 14px/1.5 var(--ui);
    color: var(--warn);
    margin: 0 0 4px;
  }
  .changed {
    font: 14px/1.5 var(--ui);
    color: var(--warn);
    margin-block-start: 8px;
  }
  .changed p {
    margin: 0;
  }
  .changed summary {
    cursor: pointer;
    color: var(--ink-2);
  }
  .changed .prose {
    font: 15px/1.5 var(--read);
    color: var(--ink-2);
    padding: 6px 0 0 16px;
  }
  .kids {
    margin-inline-start: 18px;
  }
  .kids .more,
  .unfold {
    color: var(--ink-3);
    font-size: 14px;
    margin: 0 0 14px;
  }
  .unfold {
    margin-inline-start: -6px;
  }
  .rep {
    margin-block-start: 22px;
    border-block-start: 1px solid var(--line);
    padding-block-start: 14px;
    color: var(--ink-2);
  }
  .rep h2 {
    font: 600 14px/1.5 var(--ui);
    color: var(--ink-2);
    margin: 0 0 6px;
  }
  .rep p {
    margin: 0;
    color: var(--ink-3);
  }
  .rep ul {
    list-style: none;
    margin: 0 0 18px;
    padding: 0;
  }
  .rep li {
    margin: 0 0 8px;
    overflow-wrap: anywhere;
  }
  .rep li b {
    color: var(--ink);
    font-weight: 600;
    margin-inline-end: 4px;
  }
  .rep small {
    display: block;
    font-size: 13px;
    color: var(--ink-3);
  }
`;
