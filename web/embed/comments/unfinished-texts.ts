import { html, type TemplateResult } from 'lit';
import { session } from '../common/page.js';
import { rich, t, textOf } from '../common/strings.js';
import type { Composer } from './composer.js';
import { type BegunText, drafts } from './drafts.js';
import type { HeadView } from './view.js';

/** Says which replies and edits the reader has begun that are not open, as after a reload, and leads there. */
export function unfinishedTexts(view: HeadView): TemplateResult[] {
  const { name } = view.talk;
  const begun = name ? drafts.begun(name, session.owner) : [];
  return begun
    .filter(({ id, panel }) => view.panels.get(id) !== panel)
    .map(
      (it) =>
        html`<p class="rules">
          ${
            it.panel === 'edit'
              ? t('write.unsaved')
              : rich('write.unfinished', { name: html`<bdi>${it.to || t('comment.nobody')}</bdi>` })
          }
          <button class="quiet" @click=${() => void resume(view, it)}>${t('write.resume')}</button>
        </p>`,
    );
}

/** Opens the text at its comment. When the comment is gone, the words move to the field for a new one. */
async function resume(view: HeadView, { name, id, panel }: BegunText): Promise<void> {
  const { talk } = view;
  const problem = await view.bringIn(id);
  if (!problem) return view.toggle(id, panel);
  if (problem.status !== 404) return view.showTrouble('', textOf(problem));
  drafts.move(name, session.owner, talk.name, session.owner);
  view.renderRoot.querySelector<Composer>('rostra-composer')?.readDraft();
  view.showTrouble('', t('write.gone'));
}
