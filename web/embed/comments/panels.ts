import { html, nothing, type TemplateResult } from 'lit';
import type { Comment } from '../../shared/contract.js';
import { REASONS } from '../../shared/reasons.js';
import { t } from '../common/strings.js';
import type { ThreadView } from './view.js';

/** Draws what is open below a comment: a reply, a report or a question. */
export function openPanel(view: ThreadView, comment: Comment): TemplateResult | typeof nothing {
  const open = view.panels.get(comment.id);
  // Below a comment that is gone only an unfinished reply stays open.
  if (comment.state !== 'published' && open !== 'reply') return nothing;
  switch (open) {
    case 'reply':
      return reply(view, comment);
    case 'delete':
      return confirmDelete(view, comment);
    case 'report':
      return report(view, comment);
    default:
      return nothing;
  }
}

function reply(view: ThreadView, comment: Comment): TemplateResult {
  const { id, author, state } = comment;
  return html`<div class="panel">
    ${state === 'published' ? nothing : html`<p class="trouble" role="alert">${t('error.comment.parent_gone')}</p>`}
    <rostra-composer
      open
      cancelable
      .name=${`${view.talk.name}/${id}`}
      .label=${t('write.replyTo', { name: author?.displayName ?? t('comment.nobody') })}
      .invite=${t('write.replyTo', { name: author?.displayName ?? t('comment.nobody') })}
      .to=${author?.displayName}
      .action=${t('write.reply')}
      .send=${(text: string, key: string) => view.reply(comment, text, key)}
      .signIn=${() => view.signIn('whyWriting')}
      @cancel=${() => view.toggle(id, 'reply')}
    ></rostra-composer>
  </div>`;
}

function confirmDelete(view: ThreadView, comment: Comment): TemplateResult {
  const { id } = comment;
  return html`<div class="panel ask" role="group" aria-labelledby="ask-${id}">
    <p id="ask-${id}">${t('delete.ask')}</p>
    <button class="primary" @click=${() => view.deleteComment(comment)}>${t('delete.yes')}</button>
    <button class="quiet" @click=${() => view.toggle(id, 'delete')}>${t('action.cancel')}</button>
  </div>`;
}

function report(view: ThreadView, comment: Comment): TemplateResult {
  const { id } = comment;
  const send = (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => {
      const value = form.get(name);
      return typeof value === 'string' ? value : '';
    };
    view.report(
      comment,
      REASONS.find((it) => it === text('reason')),
      text('note'),
    );
  };
  return html`<form class="panel report" @submit=${send}>
    <fieldset>
      <legend>${t('report.ask')}</legend>
      ${REASONS.map(
        (reason) =>
          html`<label class="tap"><input type="radio" name="reason" value=${reason} />${t(`reason.${reason}`)}</label>`,
      )}
    </fieldset>
    <label class="note"
      >${t('report.note')}<textarea name="note" rows="2" maxlength="1000" dir="auto"></textarea>
    </label>
    <button class="primary">${t('report.send')}</button>
    <button type="button" class="quiet" @click=${() => view.toggle(id, 'report')}>${t('action.cancel')}</button>
  </form>`;
}
