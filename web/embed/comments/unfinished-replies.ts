import { html, type TemplateResult } from 'lit';
import { session } from '../common/page.js';
import { rich, t } from '../common/strings.js';
import type { Composer } from './composer.js';
import { drafts } from './drafts.js';
import type { HeadView } from './view.js';

/** Says to whom the reader has begun a reply that is not open, as after a reload, and leads there. */
export function unfinishedReplies(view: HeadView): TemplateResult[] {
  const { name } = view.talk;
  const begun = name ? drafts.replies(name, session.owner) : [];
  return begun
    .filter(({ id }) => view.panels.get(id) !== 'reply')
    .map(
      ({ id, to }) =>
        html`<p class="rules">
          ${rich('write.unfinished', { name: html`<bdi>${to || t('comment.nobody')}</bdi>` })}
          <button class="quiet" @click=${() => void resume(view, id)}>${t('write.resume')}</button>
        </p>`,
    );
}

/** Opens a reply at its comment. When the comment is gone, the words move to the field for a new one. */
async function resume(view: HeadView, id: string): Promise<void> {
  const { talk } = view;
  if (await view.bringIn(id)) return view.toggle(id, 'reply');
  drafts.move(`${talk.name}/${id}`, session.owner, talk.name, session.owner);
  view.renderRoot.querySelector<Composer>('rostra-composer')?.readDraft();
  view.showTrouble('', t('write.gone'));
}
