import { html } from 'lit';
import { empty, failed, loading } from '../../shared/states.js';
import { t } from '../common/strings.js';
import { siblings } from './comment-view.js';
import { row } from './row.js';
import type { ThreadView } from './view.js';

/** Draws the comments, or why there are none. */
export function conversationList(view: ThreadView): unknown {
  const { talk } = view;
  if (talk.status === 'loading') return loading(4);
  if (talk.status === 'failed' && talk.problem) return failed(talk.problem, talk.retry);
  if (talk.refusal && !talk.store.nodes.size) return empty(t('talk.absent'));
  const { roots } = talk.store;
  if (roots.lead.length + roots.page.length + roots.tail.length === 0 && !roots.more)
    return empty(t(view.closed ? 'talk.emptyClosed' : 'talk.empty'));
  return row(talk.store.revision, () => siblings(view, roots, 0, moreButton(view)));
}

const moreButton = ({ talk }: ThreadView) =>
  html`<button
    class="quiet more"
    aria-disabled=${talk.reading.has('') ? 'true' : 'false'}
    @click=${() => void talk.more(null)}
  >
    ${t('talk.more')}
  </button>`;
