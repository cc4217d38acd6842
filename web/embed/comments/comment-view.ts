import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Comment } from '../../shared/contract.js';
import { fullTime, relativeTime } from '../../shared/strings/translate.js';
import { rich, t } from '../common/strings.js';
import type { SiblingList } from './thread-list.js';
import type { ThreadNode } from './thread-nodes.js';
import { isEditing } from './authorship.js';
import { cardButton, commentActions, hasControls, newReplies } from './comment-actions.js';
import { interaction } from './load-interaction.js';
import { row, watched } from './row.js';
import { timeAgo } from './times.js';
import { byline, commentBody } from './comment-body.js';
import { outcomeText } from './outcome.js';
import { addressAt, anchor, type ThreadView } from './view.js';

/** From this depth on replies are not indented; each names the author it answers. */
const DEEPEST_INDENT = 5;

const nameOf = (comment: Comment | undefined): string => comment?.author?.displayName ?? t('comment.nobody');

const MORE = 'more';

/** Draws a list of siblings: the pages read, the button for more, and what came after. */
export function siblings(view: ThreadView, list: SiblingList, level: number, more: TemplateResult): unknown {
  const { store } = view.talk;
  // One list, so that a comment that changes its part keeps its elements.
  return repeat(
    [...list.lead, ...list.page, ...(list.more ? [MORE] : []), ...list.tail],
    (id) => id,
    (id) => {
      const node = store.nodes.get(id);
      if (!node) return id === MORE ? more : nothing;
      return store.isVoid(id) ? nothing : row(store.revisionOf(node), () => thread(view, node, level));
    },
  );
}

/** Draws a comment and the branch below it. */
function thread(view: ThreadView, node: ThreadNode, level: number): TemplateResult {
  const { comment } = node;
  const { id, state } = comment;
  const parent = comment.parentId === null ? undefined : view.talk.store.nodes.get(comment.parentId)?.comment;
  const label = t(comment.parentId === null ? 'comment.by' : 'comment.replyBy', { name: nameOf(comment) });
  return html`<article
    class="c ${state === 'published' ? '' : 'gone'} ${view.linked === id ? 'linked' : ''}"
    id=${anchor(id)}
    tabindex="-1"
    aria-label=${state === 'published' ? label : nothing}
  >
    <div class="own" ${watched(view.watchRow)}>
      ${state === 'published' ? published(view, comment, parent, level) : tombstone(view, comment)}
    </div>
    ${opened(view, comment)}${branch(view, node, level)}
  </article>`;
}

/** Draws what the reader opened at a comment, and what became of it. */
function opened(view: ThreadView, comment: Comment): TemplateResult | typeof nothing {
  const parts = [interaction.loaded?.openPanel(view, comment) ?? nothing, outcomeText(view.outcomes.get(comment.id))];
  return parts.some((it) => it !== nothing) ? html`${parts[0]}${parts[1]}` : nothing;
}

function published(view: ThreadView, comment: Comment, parent: Comment | undefined, level: number): TemplateResult {
  const { id, author, createdAt, editedAt } = comment;
  const near = hasControls(view, id);
  // A far row has few elements, because each takes memory. It must have the same height, so that nothing jumps.
  const plain = !near && !editedAt && !author?.badges.length && level <= DEEPEST_INDENT;
  // One part for the text, so that it keeps its nodes and what the browser's search has marked in them.
  return html`${
    plain
      ? html`<header class="who far">
          <b>${nameOf(comment)}</b><span class="when">${relativeTime(createdAt, view.now)}</span>
        </header>`
      : header(view, comment, parent, level)
  }${isEditing(view, comment) ? nothing : commentBody(comment.body ?? '')}${
    isEditing(view, comment) ? nothing : near ? commentActions(view, comment) : html`<div class="act"></div>`
  }`;
}

function header(view: ThreadView, comment: Comment, parent: Comment | undefined, level: number): TemplateResult {
  const { id, author, createdAt, editedAt } = comment;
  return html`<header class="who">
    ${author ? byline(author, cardButton(view, comment)) : html`<b>${t('comment.nobody')}</b>`}
    <a class="when" href=${addressAt(id)}>${timeAgo(createdAt, view.now)}</a>
    ${editedAt ? html`<span class="when" title=${fullTime(editedAt)}>${t('comment.edited')}</span>` : nothing}
    ${
      parent && level > DEEPEST_INDENT
        ? html`<a class="when" href=${addressAt(parent.id)}
            >${rich('comment.inReplyTo', { name: html`<bdi>${nameOf(parent)}</bdi>` })}</a
          >`
        : nothing
    }
  </header>`;
}

function tombstone(view: ThreadView, { id, state, removal, createdAt }: Comment): TemplateResult {
  const text =
    state === 'deleted'
      ? t('comment.deleted')
      : removal?.label
        ? t('comment.removed', { reason: removal.label })
        : t('comment.removedPlain');
  const why = view.talk.removals[id];
  return html`<p class="said">${text} · ${timeAgo(createdAt, view.now)} ${newReplies(view, id)}</p>
    ${why ? html`<p class="said">${t('comment.removedWhy', { why })}</p>` : nothing}`;
}

/** Draws the replies and the line that hides them. */
function branch(view: ThreadView, node: ThreadNode, level: number): TemplateResult | typeof nothing {
  const { comment, replies } = node;
  const { id } = comment;
  const known = replies.lead.length + replies.page.length + replies.tail.length;
  if (known === 0 && !replies.more) return nothing;
  if (known === 0 && !view.folded.has(id)) return moreReplies(view, node, known);
  const folded = view.folded.has(id);
  // What the reader is writing stays below a folded branch.
  if (folded && !view.talk.store.isWritingIn(id)) return unfoldButton(view, node);
  const indented = level < DEEPEST_INDENT;
  const hide = t('comment.fold', { name: nameOf(comment) });
  return html`${folded ? unfoldButton(view, node) : nothing}
    <div class="kids ${indented ? '' : 'flat'}" ?hidden=${folded}>
      ${
        indented
          ? html`<button
              class="line"
              aria-expanded="true"
              aria-label=${hide}
              title=${hide}
              @click=${() => view.fold(id)}
            ></button>`
          : nothing
      }
      ${siblings(view, replies, level + 1, moreReplies(view, node, known))}
    </div>`;
}

function unfoldButton(view: ThreadView, { comment }: ThreadNode): TemplateResult {
  const { id } = comment;
  const n = view.talk.store.countBelow(id);
  const words = view.talk.store.isWritingIn(id)
    ? t('comment.unfoldWriting')
    : n
      ? t('comment.unfold', { n })
      : t('comment.unfoldAny');
  return html`<button class="quiet more" id="unfold-${id}" aria-expanded="false" @click=${() => view.fold(id)}>
    ${words}
  </button>`;
}

/** Draws the button for unread replies. It has no number, because nobody knows how many replies they have themselves. */
function moreReplies(view: ThreadView, node: ThreadNode, known: number): TemplateResult {
  const { id } = node.comment;
  return html`<button
    class="quiet more"
    aria-disabled=${view.talk.reading.has(id) ? 'true' : 'false'}
    @click=${() => view.more(id)}
  >
    ${t(known ? 'comment.anyReplies' : 'comment.unfoldAny')}
  </button>`;
}
