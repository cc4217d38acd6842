import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Comment } from '../../shared/contract.js';
import { session } from '../common/page.js';
import { rich, t } from '../common/strings.js';
import { firstName, type ThreadView } from './view.js';

/** Says whether the signed-in reader wrote the comment. */
export const isMine = (comment: Comment): boolean => !!session.account && comment.author?.id === session.account.id;

/** Says whether an edit is open. A reader who was signed out keeps it and can sign in again; another does not see it. */
export const isEditing = (view: ThreadView, comment: Comment): boolean =>
  view.panels.get(comment.id) === 'edit' &&
  (!session.account || session.account.id === view.edits.get(comment.id)?.by || isMine(comment));

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
  const mine = isMine(comment);
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
    ${mine ? ownActions(view, comment) : html`${followButton(view, comment, 'wide')}${menu(view, comment)}`}
    ${newReplies(view, id)}
  </div>`;
}

function likeButton(view: ThreadView, comment: Comment): TemplateResult {
  const n = comment.reactions.like ?? 0;
  const on = view.talk.liked.has(comment.id);
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

function followButton(view: ThreadView, comment: Comment, where: 'wide' | 'narrow') {
  const { author } = comment;
  if (!author) return nothing;
  const on = view.talk.following.has(author.id);
  const name = html`<bdi>${firstName(author.displayName)}</bdi>`;
  return html`<button
    class="quiet follow ${where}"
    aria-pressed=${on}
    title=${on ? t('follow.stop') : nothing}
    @click=${() => view.follow(comment)}
  >
    ${rich(on ? 'follow.undo' : 'follow.do', { name })}
  </button>`;
}

function ownActions(view: ThreadView, comment: Comment): TemplateResult {
  const { id, createdAt } = comment;
  const left = Date.parse(createdAt) + view.talk.editWindowSeconds * 1000 - view.now;
  const open = view.panels.get(id);
  return html`${
      left > 0 && !view.closed
        ? html`<button class="quiet" id="edit-${id}" @click=${() => view.toggle(id, 'edit')}>
            ${t('write.edit')}
          </button>`
        : nothing
    }
    <button
      class="quiet"
      id="delete-${id}"
      aria-expanded=${open === 'delete'}
      @click=${() => view.toggle(id, 'delete')}
    >
      ${t('write.delete')}
    </button>`;
}

function menu(view: ThreadView, comment: Comment): TemplateResult {
  const { id } = comment;
  const open = view.menu === id;
  const name = comment.author?.displayName ?? '';
  return html`<span class="menu">
    <button
      class="quiet dots"
      id="menu-${id}"
      aria-expanded=${open}
      aria-label=${t('comment.more', { name })}
      @click=${() => view.toggle(id, 'menu')}
    >
      ···
    </button>
    ${
      open
        ? html`<span class="sheet">
            ${followButton(view, comment, 'narrow')}
            <button class="quiet" @click=${() => view.copyLink(comment)}>${t('comment.copyLink')}</button>
            <button class="quiet" id="report-${id}" @click=${() => view.toggle(id, 'report')}>${t('report.do')}</button>
          </span>`
        : nothing
    }
  </span>`;
}
