import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Comment } from '../../shared/contract.js';
import { t } from '../common/strings.js';
import { isMine } from './authorship.js';
import { interaction } from './load-interaction.js';
import type { OpenPopup, ThreadView } from './view.js';

const heart = (full: boolean): TemplateResult =>
  html`<svg class="heart ${full ? 'full' : ''}" viewBox="0 0 24 24" width="15" height="15" aria-hidden="true">
    ${svg`<path d="M12 20.3C5.6 15.2 3 12.2 3 8.7 3 6.1 5 4 7.6 4c1.7 0 3.3.9 4.4 2.5C13.1 4.9 14.7 4 16.4 4 19 4 21 6.1 21 8.7c0 3.5-2.6 6.5-9 11.6Z"/>`}
  </svg>`;

/**
 * Draws the button for new replies on the line of the comment's own controls, so that nothing moves when it appears.
 */
export function newReplies(view: ThreadView, id: string): TemplateResult | typeof nothing {
  const n = view.folded.has(id) ? 0 : view.talk.store.pendingCount(id);
  if (!n) return nothing;
  return html`<button class="quiet fresh-here" @click=${() => view.reveal(id)}>
    ${t('comment.newReplies', { n })}
  </button>`;
}

/** Draws the actions for a comment: the common ones in a muted tone, the others in a menu behind three dots. */
export function commentActions(view: ThreadView, comment: Comment): TemplateResult {
  const { id } = comment;
  const open = view.panels.get(id);
  return html`<div class="act">
    ${likeButton(view, comment)}
    ${
      view.closed
        ? nothing
        : html`<button
            class="quiet"
            id="reply-${id}"
            aria-expanded=${open === 'reply'}
            @click=${() => view.toggle(id, 'reply')}
          >
            ${t('write.reply')}
          </button>`
    }
    ${isMine(comment) ? editButton(view, comment) : nothing}${menu(view, comment)} ${newReplies(view, id)}
  </div>`;
}

function likeButton(view: ThreadView, comment: Comment): TemplateResult | typeof nothing {
  const n = comment.reactions.like ?? 0;
  const on = view.talk.liked.has(comment.id);
  // Nobody likes their own comment. Its likes are shown, and a like from before can be taken back.
  if (isMine(comment) && !on)
    return n
      ? html`<span class="quiet like"
          >${heart(false)}<span aria-hidden="true">${n}</span><span class="sr">${t('like.n', { n })}</span></span
        >`
      : nothing;
  const name = comment.author?.displayName ?? '';
  return html`<button
    class="quiet like"
    aria-pressed=${on}
    title=${t('like.n', { n })}
    @click=${() => view.like(comment)}
  >
    ${heart(on)}<span class="sr">${t('like.do', { name })}, </span>${n || nothing}
  </button>`;
}

function editButton(view: ThreadView, { id, createdAt }: Comment): TemplateResult | typeof nothing {
  const left = Date.parse(createdAt) + view.talk.editWindowSeconds * 1000 - view.now;
  if (left <= 0 || view.closed) return nothing;
  return html`<button class="quiet" id="edit-${id}" @click=${() => view.toggle(id, 'edit')}>
    ${t('write.edit')}
  </button>`;
}

const isOpen = ({ popup }: ThreadView, id: string, kind: OpenPopup['kind']) => popup?.id === id && popup.kind === kind;

/** Draws what opened at a button, beside it. Its code was loaded before it opened. */
const popupOf = (view: ThreadView, comment: Comment, kind: OpenPopup['kind']) =>
  (isOpen(view, comment.id, kind) && interaction.loaded?.openPopup(view, comment)) || nothing;

function menu(view: ThreadView, comment: Comment): TemplateResult {
  const { id } = comment;
  const name = comment.author?.displayName ?? '';
  return html`<span class="menu">
    <button
      class="quiet dots"
      id="menu-${id}"
      aria-expanded=${isOpen(view, id, 'menu')}
      aria-label=${t('comment.more', { name })}
      @click=${() => view.toggle(id, 'menu')}
    >
      ···
    </button>
    ${popupOf(view, comment, 'menu')}
  </span>`;
}

/** Makes the name of another reader a button for the card of that reader. */
export const cardButton = (view: ThreadView, comment: Comment) => (name: TemplateResult) =>
  isMine(comment) || !hasControls(view, comment.id)
    ? name
    : html`<span class="menu"
        ><button
          class="quiet name"
          id="card-${comment.id}"
          aria-expanded=${isOpen(view, comment.id, 'card')}
          @click=${() => view.toggle(comment.id, 'card')}
        >
          ${name}</button
        >${popupOf(view, comment, 'card')}</span
      >`;

/** Says whether a comment has its controls: near the viewport, or with something open at it. */
export const hasControls = (view: ThreadView, id: string): boolean => view.isNear(id) || view.popup?.id === id;
