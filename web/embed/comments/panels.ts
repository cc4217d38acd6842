import { html, nothing, type TemplateResult } from 'lit';
import type { Comment } from '../../shared/contract.js';
import { t } from '../common/strings.js';
import { t as words } from './panel-words.js';
import { deleteComment, report as sendReport } from './acts.js';
import { isEditing } from './authorship.js';
import type { Arrived } from './composer.js';
import { houseNote } from './house-texts.js';
import { reportReasons } from './report-reasons.js';
import type { ThreadView } from './view.js';

/** Draws what is open below a comment: a reply, an edit, a report or a question. */
export function openPanel(view: ThreadView, comment: Comment): TemplateResult | typeof nothing {
  switch (view.panels.get(comment.id)) {
    case 'reply':
      return html`${gone(comment, t('error.comment.parent_gone'))}${reply(view, comment)}`;
    case 'edit':
      return isEditing(view, comment) ? html`${gone(comment, words('gone.edit'))}${edit(view, comment)}` : nothing;
    case 'delete':
      return comment.state === 'published' ? confirmDelete(view, comment) : nothing;
    case 'report':
      return html`${gone(comment, words('gone.report'))}${report(view, comment)}`;
    default:
      return nothing;
  }
}

/** Says why the words of the reader cannot be sent any more. They stay beside it. */
const gone = ({ state }: Comment, why: string) =>
  state === 'published' ? nothing : html`<p class="trouble" role="alert">${why}</p>`;

function reply(view: ThreadView, comment: Comment): TemplateResult {
  const { id, author } = comment;
  return html`<div class="panel">
    <rostra-composer
      open
      cancelable
      .name=${`${view.talk.name}/${id}`}
      .label=${words('reply.label', { name: author?.displayName ?? t('comment.nobody') })}
      .invite=${words('reply.label', { name: author?.displayName ?? t('comment.nobody') })}
      .to=${author?.displayName}
      .action=${t('write.reply')}
      .send=${(text: string, key: string, arrived: Arrived) => view.reply(comment, text, key, arrived)}
      .signIn=${() => view.signIn('whyWriting')}
      @cancel=${() => view.toggle(id, 'reply')}
    ></rostra-composer>
    ${houseNote()}
  </div>`;
}

function edit(view: ThreadView, comment: Comment): TemplateResult {
  return html`<div class="panel">
    <rostra-composer
      open
      cancelable
      .label=${words('edit.label')}
      .action=${t('action.save')}
      .name=${`${view.talk.name}/${comment.id}/edit`}
      .original=${view.edits.get(comment.id)?.text ?? ''}
      .send=${(text: string) => view.edit(comment, text)}
      .signIn=${() => view.signIn('whyWriting')}
      @cancel=${() => view.toggle(comment.id, 'edit')}
    ></rostra-composer>
  </div>`;
}

function confirmDelete(view: ThreadView, comment: Comment): TemplateResult {
  const { id } = comment;
  return html`<div class="panel ask" role="group" aria-labelledby="ask-${id}">
    <p id="ask-${id}">${words('delete.ask')}</p>
    <button class="primary" @click=${() => deleteComment(view, comment)}>${words('delete.yes')}</button>
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
    sendReport(view, comment, text('reason'), text('note'));
  };
  return html`<form class="panel report" @submit=${send}>
    <fieldset>
      <legend>${words('report.ask')}</legend>
      ${reportReasons(view.talk).map(
        (it) =>
          html`<label class="tap"><input type="radio" name="reason" value=${it.id} /><bdi>${it.label}</bdi></label>`,
      )}
    </fieldset>
    <label class="note"
      >${words('report.note')}<textarea name="note" rows="2" maxlength="1000" dir="auto"></textarea>
    </label>
    <button class="primary">${words('report.send')}</button>
    <button type="button" class="quiet" @click=${() => view.toggle(id, 'report')}>${t('action.cancel')}</button>
  </form>`;
}
