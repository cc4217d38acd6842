import { html, nothing } from 'lit';
import type { Comment } from '../../../shared/contract.js';
import { failed, loading } from '../../../shared/states.js';
import type { Case, Decision, Report } from '../contract.js';
import type { OpenCase } from '../open-case.js';
import { t, why } from '../words.js';
import { badges, nameOf, userText, when } from '../../shell/text.view.js';
import { decisionLine } from './decision-line.view.js';

/** This many of the nearest ancestors are always shown; the earlier ones fold into one line. */
const NEAR = 2;

/** The address of a comment on its article's page, or undefined if the article has no web address. */
export function pageLink(item: Case): string | undefined {
  if (!URL.canParse(item.article.url)) return undefined;
  const url = new URL(item.article.url);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  url.hash = `rostra-comment-${item.comment.id}`;
  return url.href;
}

/** The case in its conversation: the comments that it answers, the comment, its replies and its reports. */
export function caseBody(options: {
  open: OpenCase;
  /** True if the case is in the queue, so that nobody has decided yet. */
  waiting: boolean;
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
  const { url } = item.article;
  const newest = options.waiting ? undefined : newestDecision(item);
  const earlier = item.decisions.filter((it) => it !== newest);
  const far = open.unfolded ? 0 : Math.max(0, ancestors.length - NEAR);
  return html`${
      far
        ? html`<button class="quiet unfold" @click=${options.onUnfold}>${t('case.earlierHidden', { n: far })}</button>`
        : nothing
    }
    ${ancestors.slice(far).map((it) => context(it, url))} ${focus(item, newest, open.textBefore)}
    ${open.replies?.items.length ? replies(item, open.replies.items) : nothing}
    <section class="reports">
      ${
        item.reports.length
          ? html`<h2>${t('case.reports', { n: item.reports.length })}</h2>
              <ul>
                ${item.reports.map((it) => report(it, item))}
              </ul>`
          : html`<p>${t('case.noReports')}</p>`
      }
      ${
        earlier.length
          ? html`<h2>${t('case.decisions')}</h2>
              <ul>
                ${earlier.map((it) => html`<li>${decisionLine(it, url)}</li>`)}
              </ul>`
          : nothing
      }
    </section>`;
}

/** Draws a comment of the conversation around a case. */
export const context = (comment: Comment, url: string) =>
  html`<article class="context">
    ${
      tombstone(comment, url) ??
      html`<b><bdi>${nameOf(comment.author)}</bdi></b> ${badges(comment.author?.badges)} ${userText(comment.body ?? '')}`
    }
  </article>`;

function focus(item: Case, newest: Decision | undefined, textBefore: string | undefined) {
  const { author, comment } = item;
  return html`<article class="focus" aria-label=${t('case.focusLabel')}>
    ${currentState(item, newest)}
    <div class="byline">
      <b><bdi>${author.displayName}</bdi></b> ${badges(author.badges)} ${when(comment.createdAt)}
      ${comment.editedAt ? html`<span>${t('case.edited')} ${when(comment.editedAt)}</span>` : nothing}
    </div>
    ${userText(comment.body ?? '')}
    ${
      textBefore !== undefined && textBefore !== comment.body
        ? html`<div class="changed" role="status">
            <p>${t('case.editedWhileOpen')}</p>
            <details>
              <summary>${t('case.textBefore')}</summary>
              ${userText(textBefore)}
            </details>
          </div>`
        : nothing
    }
  </article>`;
}

/** The line that stands in place of a comment that is gone, with the reason. */
function tombstone(comment: Comment, url: string): string | undefined {
  if (comment.state === 'removed') return t('case.gone.removed', { reason: why(comment.removal?.reason, url) });
  if (comment.state === 'deleted') return t('case.gone.deleted');
  return undefined;
}

const newestDecision = (item: Case): Decision | undefined =>
  item.decisions.reduce<Decision | undefined>(
    (found, it) => (found && found.createdAt > it.createdAt ? found : it),
    undefined,
  );

/** The present state of a comment and the decision behind it, if the comment does not wait for a decision. */
function currentState({ comment, article: { url } }: Case, newest: Decision | undefined) {
  const gone = {
    published: undefined,
    removed: t('case.removedNow', { reason: why(comment.removal?.reason, url) }),
    deleted: t('case.deletedNow'),
  }[comment.state];
  if (!gone && !newest) return nothing;
  return html`<p class="status">${newest ? html`${decisionLine(newest, url)}<br />` : nothing}${gone}</p>`;
}

function replies(item: Case, items: readonly Comment[]) {
  const more = item.comment.replyCount - items.filter((it) => it.state === 'published').length;
  return html`<section class="replies" aria-label=${t('case.replies', { n: item.comment.replyCount })}>
    ${items.map((it) => context(it, item.article.url))}
    ${more > 0 ? html`<p class="more">${t('case.repliesMore', { n: more })}</p>` : nothing}
  </section>`;
}

function report(it: Report, { comment: { revision }, article }: Case) {
  const from = it.reporter ? t('case.reportBy', { name: it.reporter.displayName }) : t('case.reportAnonymous');
  return html`<li>
    <b>${why(it.reason, article.url)}</b>
    ${it.note ? html`<q dir="auto">${it.note}</q>` : nothing}
    <small
      >${it.note ? nothing : html`${t('case.reportNoNote')}, `}${from},
      ${when(it.createdAt)}${it.revision < revision ? html`, <em>${t('case.reportOlder')}</em>` : nothing}</small
    >
  </li>`;
}
