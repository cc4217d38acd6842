import './decision-form.js';
import { html, nothing, type CSSResultGroup, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import type { Account } from '../../shared/contract.js';
import { loading } from '../../shared/states.js';
import type { DeskPage, KeyGroup, PageView } from '../shell/page.js';
import type { Case, DecisionInput } from './contract.js';
import type { Act, DecisionForm, FormDecision, FormSubject } from './decision-form.js';
import { reasons } from './reasons.js';
import { MODERATION, type Moderation } from './moderation.js';
import { caseStyles } from './views/case.styles.js';
import { caseBody, pageLink } from './views/case.view.js';
import { reportedStyles } from './views/list.styles.js';
import { logStyles } from './views/log.styles.js';
import { authorStyles } from './views/author.styles.js';
import { authorView } from './views/author.view.js';
import { statisticsStyles, statisticsView } from './views/statistics.view.js';
import { t } from './words.js';

/** Keeping closes the reports of a case that waits, so it is offered only there. */
function actsOn({ comment }: Case, waiting: boolean): Act[] {
  if (comment.state === 'published') return waiting ? ['keep', 'remove'] : ['remove'];
  return comment.state === 'removed' ? ['restore'] : [];
}

const subjectOf = (item: Case, waiting: boolean): FormSubject => ({
  id: item.comment.id,
  url: item.article.url,
  acts: actsOn(item, waiting),
  reported: item.reports.map((it) => it.reason),
});

/** Base of both pages of moderation. It shows a case beside the list, and the form that decides it. */
export abstract class ModerationPage implements DeskPage {
  abstract readonly name: string;
  abstract readonly label: string;
  abstract readonly events: DeskPage['events'];
  readonly noticeView = MODERATION;
  readonly styles: CSSResultGroup = [reportedStyles, logStyles, caseStyles, authorStyles, statisticsStyles];
  readonly #form = createRef<DecisionForm>();

  constructor(protected readonly moderation: Moderation) {}

  abstract refresh(): Promise<void>;
  protected abstract list(): TemplateResult;

  get keys(): KeyGroup {
    return this.moderation.keys;
  }

  isOpenTo({ role }: Account): boolean {
    return role !== 'reader';
  }

  enter(commentId: string | null): void {
    this.moderation.enter(commentId);
  }

  leave(): void {
    this.moderation.leave();
  }

  step(by: 1 | -1): void {
    this.moderation.step(by);
  }

  press(key: string, typing: boolean): boolean {
    return this.#form.value?.press(key, typing) ?? false;
  }

  view(): PageView {
    const { open } = this.moderation;
    const { item } = open;
    const link = item && pageLink(item);
    return {
      list: this.list(),
      back: t('case.back'),
      heading: item ? item.article.title || t('case.untitled') : open.commentId ? t('state.loading') : '',
      afterHeading: link
        ? html`<a class="page" href=${link} target="_blank" rel="noopener noreferrer">${t('case.openInPage')}</a>`
        : nothing,
      body: open.commentId ? this.#case() : this.#noCase(),
      aside: { label: t('author.label'), content: authorView(item) },
      actions: this.#actions(),
      bare: !item,
    };
  }

  #case() {
    const { open, queue } = this.moderation;
    return caseBody({
      open,
      waiting: queue.find(open.commentId) !== undefined,
      onUnfold: () => open.unfold(),
      onRetry: () => void open.reload(),
    });
  }

  #noCase() {
    const { queue, isQueueInView, statistics } = this.moderation;
    if (isQueueInView && !queue.readAt && !queue.problem) return loading(2);
    return html`<p class="choose">${queue.waiting.length || !isQueueInView ? t('case.choose') : nothing}</p>
      ${statisticsView(statistics.numbers)}`;
  }

  #actions() {
    const { moderation } = this;
    const { open, queue, actions } = moderation;
    return html`<desk-decision-form
      ${ref(this.#form)}
      .item=${open.item && subjectOf(open.item, queue.find(open.commentId) !== undefined)}
      .reasons=${reasons.choices(open.item?.article.url)}
      .canUndo=${actions.sender.canUndo}
      @decide=${(event: CustomEvent<FormDecision>) => void actions.decide(event.detail as DecisionInput)}
      @undo=${() => void moderation.undo()}
      @next=${() => this.step(1)}
    ></desk-decision-form>`;
  }
}
