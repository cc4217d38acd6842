import { html, nothing, type TemplateResult } from 'lit';
import type { Comment } from '../../shared/contract.js';
import { filled } from '../common/strings.js';
import { copyLink, follow } from './acts.js';
import { isMine } from './authorship.js';
import { badges, initials } from './comment-body.js';
import { t } from './panel-words.js';
import { toggleReport } from './report-reasons.js';
import type { ThreadView } from './view.js';

/** Draws what opens from an author's name, or from the three dots of a comment. */
export function openPopup(view: ThreadView, comment: Comment): TemplateResult | typeof nothing {
  return view.popup?.kind === 'card' ? card(view, comment) : menu(view, comment);
}

function card(view: ThreadView, comment: Comment): TemplateResult | typeof nothing {
  const { author } = comment;
  if (!author) return nothing;
  return html`<span class="sheet card" role="group" aria-label=${t('card.label', { name: author.displayName })}>
    <span class="who"
      >${initials(author)}<b><bdi>${author.displayName}</bdi></b
      >${badges(author)}</span
    >
    ${followButton(view, comment, 'short')}
  </span>`;
}

function menu(view: ThreadView, comment: Comment): TemplateResult {
  const { id } = comment;
  const mine = isMine(comment);
  return html`<span class="sheet">
    ${mine ? nothing : followButton(view, comment, 'long')}
    <button class="quiet" @click=${() => copyLink(view, comment)}>
      ${t(view.copied ? 'link.copied' : 'link.copy')}
    </button>
    ${
      mine
        ? html`<button class="quiet" id="delete-${id}" @click=${() => view.toggle(id, 'delete')}>
            ${t('delete.do')}
          </button>`
        : html`<button class="quiet" id="report-${id}" @click=${() => toggleReport(view, id)}>
            ${t('report.do')}
          </button>`
    }
  </span>`;
}

/** In the card the name stands above the button, which says it to screen readers only. */
function followButton(view: ThreadView, comment: Comment, length: 'short' | 'long') {
  const { author } = comment;
  if (!author) return nothing;
  const on = view.talk.following.has(author.id);
  const name = html`<bdi class=${length === 'short' ? 'sr' : ''}>${author.displayName}</bdi>`;
  return html`<button
    class=${length === 'long' ? 'quiet' : on ? '' : 'primary'}
    aria-pressed=${on}
    title=${on ? t('follow.stop') : nothing}
    @click=${() => follow(view, comment)}
  >
    ${filled(t(on ? 'follow.undo' : 'follow.do'), { name })}
  </button>`;
}
