import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { live } from '../common/page.js';
import { t } from '../common/strings.js';
import { interaction } from './load-interaction.js';
import { rememberOrder, SORTS } from './order.js';
import type { Sort } from './thread-store.js';
import type { Arrived } from './composer.js';
import { outcomeText } from './outcome.js';
import { unfinishedTexts } from './unfinished-texts.js';
import type { HeadView } from './view.js';

/** Draws the title, the count, the state of the connection, the order, and the field to write in. */
export function conversationHead(view: HeadView): TemplateResult {
  const { talk } = view;
  const n = talk.store.article?.commentCount ?? 0;
  return html`<div class="bar">
      <h2 id="title" tabindex="-1">${t('talk.title')}</h2>
      <span class="counts">
        ${talk.status === 'ready' ? html`<span>${t('talk.count', { n })}</span>` : nothing}
        ${
          talk.status === 'failed'
            ? nothing
            : html`<span class="state is-${live.state}">${t(`live.${live.state}`)}</span>`
        }
      </span>
      <label>
        <span class="sr">${t('talk.sort')}</span>
        <select @change=${(event: Event) => choose(view, (event.target as HTMLSelectElement).value as Sort)}>
          ${SORTS.map((it) => html`<option value=${it} .selected=${it === talk.sort}>${t(`sort.${it}`)}</option>`)}
        </select>
      </label>
    </div>
    ${view.closed ? html`<p class="closed">${t('talk.closed')}</p>` : nothing}${composer(view, n)}`;
}

function choose({ talk }: HeadView, order: Sort): void {
  rememberOrder(order);
  void talk.setSort(order);
}

function composer(view: HeadView, n: number): TemplateResult {
  const { talk } = view;
  return html`${
    talk.name
      ? keyed(
          talk.name, // What is typed, or still being sent, stays with the field of its conversation.
          html`<rostra-composer
            ?closed=${view.closed}
            .name=${talk.name}
            .label=${t('write.label')}
            .invite=${t(n || talk.status !== 'ready' ? 'write.invite' : 'write.first')}
            .action=${t('write.post')}
            .send=${(text: string, key: string, arrived: Arrived) => view.post(text, key, arrived)}
            .signIn=${() => view.signIn('whyWriting')}
            @focusin=${() => void view.prepare()}
            @input=${() => view.look()}
          ></rostra-composer>`,
        )
      : nothing
  }
  ${outcomeText(view.outcomes.get(''))} ${talk.status === 'loading' ? nothing : interaction.loaded?.houseMessage()}
  ${talk.held[0] ? html`<rostra-held .items=${talk.held} .talk=${talk}></rostra-held>` : nothing}
  ${unfinishedTexts(view)} ${view.closed || talk.status === 'loading' ? nothing : interaction.loaded?.houseNote()}`;
}

/** Draws the button for new comments. Its row is always there, so that nothing moves when it appears. */
export function newComments(view: HeadView): TemplateResult {
  const n = view.talk.store.pendingCount(null);
  return html`<div class="pill-row">
    ${n ? html`<button class="pill" @click=${() => view.reveal(null)}>${t('talk.new', { n })}</button>` : nothing}
  </div>`;
}
