import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Comment } from '../../shared/contract.js';
import { REASONS } from '../../shared/reasons.js';
import { fullTime, relativeTime } from '../../shared/strings/translate.js';
import { session } from '../common/page.js';
import { rich, t } from '../common/strings.js';
import { all, type SiblingList } from './thread-list.js';
import type { ThreadNode } from './thread-store.js';
import { commentActions, isMine, newReplies } from './comment-actions.js';
import { interaction } from './load-interaction.js';
import { byline, commentBody } from './comment-body.js';
import { outcomeText } from './outcome.js';
import { addressAt, anchor, type ThreadView } from './view.js';

/** From this depth on replies are not indented; each names the author it answers. */
const DEEPEST_INDENT = 5;

const nameOf = (comment: Comment | undefined): string => comment?.author?.displayName ?? t('comment.nobody');

/** Draws a list of siblings: the pages read, the button for more, and what came after. */
export function siblings(view: ThreadView, list: SiblingList, level: number, more: TemplateResult): TemplateResult {
  const row = (id: string) => {
    const node = view.talk.store.nodes.get(id);
    return node && !view.talk.store.isVoid(id) ? thread(view, node, level) : nothing;
  };
  const same = (id: string) => id;
  return html`${repeat([...list.lead, ...list.page], same, row)}${list.more ? more : nothing}${repeat(list.tail, same, row)}`;
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
    ${state === 'published' ? published(view, comment, parent, level) : tombstone(view, comment)}
    ${interaction.loaded?.openPanel(view, comment) ?? nothing}${outcomeText(view.outcomes.get(id))}
    ${branch(view, node, level)}
  </article>`;
}

function published(view: ThreadView, comment: Comment, parent: Comment | undefined, level: number): TemplateResult {
  const { id, author, createdAt, editedAt } = comment;
  // A reader who was signed out keeps the edit and can sign in again; another reader does not see it.
  const editing = view.panels.get(id) === 'edit' && (!session.account || isMine(comment));
  return html`<header class="who">
      ${author ? byline(author) : html`<b>${t('comment.nobody')}</b>`}
      <a class="when" href=${addressAt(id)}
        ><time datetime=${createdAt} title=${fullTime(createdAt)}>${relativeTime(createdAt, view.now)}</time></a
      >
      ${editedAt ? html`<span class="when" title=${fullTime(editedAt)}>${t('comment.edited')}</span>` : nothing}
      ${
        parent && level > DEEPEST_INDENT
          ? html`<a class="when" href=${addressAt(parent.id)}
              >${rich('comment.inReplyTo', { name: html`<bdi>${nameOf(parent)}</bdi>` })}</a
            >`
          : nothing
      }
    </header>
    ${
      editing
        ? html`<rostra-composer
            open
            cancelable
            .label=${t('write.editLabel')}
            .action=${t('action.save')}
            .name=${`${view.talk.name}/${id}/edit`}
            .original=${comment.body ?? ''}
            .send=${(text: string) => view.edit(comment, text)}
            .signIn=${() => view.signIn('whyWriting')}
            @cancel=${() => view.toggle(id, 'edit')}
          ></rostra-composer>`
        : html`${commentBody(comment.body ?? '')}${commentActions(view, comment)}`
    }`;
}

function tombstone(view: ThreadView, { id, state, removal, createdAt }: Comment): TemplateResult {
  const reason = REASONS.find((it) => it === removal?.reason);
  const text =
    state === 'deleted'
      ? t('comment.deleted')
      : reason && reason !== 'other'
        ? t('comment.removed', { reason: t(`reason.${reason}`).toLowerCase() })
        : t('comment.removedPlain');
  return html`<p class="said">
    ${text} · <time datetime=${createdAt} title=${fullTime(createdAt)}>${relativeTime(createdAt, view.now)}</time>
    ${newReplies(view, id)}
  </p>`;
}

/** Draws the replies and the line that hides them. */
function branch(view: ThreadView, node: ThreadNode, level: number): TemplateResult | typeof nothing {
  const { comment, replies } = node;
  const { id } = comment;
  const known = replies.lead.length + replies.page.length + replies.tail.length;
  if (known === 0 && !replies.more) return nothing;
  if (view.folded.has(id)) {
    const n = Math.max(comment.replyCount, all(replies).length);
    return html`<button class="quiet more" id="unfold-${id}" aria-expanded="false" @click=${() => view.fold(id)}>
      ${n ? t('comment.unfold', { n }) : t('comment.unfoldAny')}
    </button>`;
  }
  if (known === 0) return moreReplies(view, node, known);
  const indented = level < DEEPEST_INDENT;
  return html`<div class="kids ${indented ? '' : 'flat'}">
    ${
      indented && known > 0
        ? html`<button
            class="line"
            aria-expanded="true"
            aria-label=${t('comment.fold', { name: nameOf(comment) })}
            title=${t('comment.fold', { name: nameOf(comment) })}
            @click=${() => view.fold(id)}
          ></button>`
        : nothing
    }
    ${siblings(view, replies, level + 1, moreReplies(view, node, known))}
  </div>`;
}

function moreReplies(view: ThreadView, node: ThreadNode, known: number): TemplateResult {
  const { id } = node.comment;
  const n = view.talk.store.unreadReplies(node);
  const words = n === 0 ? t('comment.anyReplies') : t(known ? 'comment.moreReplies' : 'comment.replies', { n });
  return html`<button
    class="quiet more"
    aria-disabled=${view.talk.reading.has(id) ? 'true' : 'false'}
    @click=${() => view.more(id)}
  >
    ${words}
  </button>`;
}
