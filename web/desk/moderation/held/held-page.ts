import '../decision-form.js';
import { html, nothing } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import type { Account } from '../../../shared/contract.js';
import { browserNumberFormat } from '../../../shared/strings/formats.js';
import type { DeskPage, KeyGroup, PageView, Shell } from '../../shell/page.js';
import type { HeldCase, HeldDecision } from '../contract.js';
import type { DecisionForm, FormDecision, FormSubject } from '../decision-form.js';
import { reasons } from '../reasons.js';
import { authorStyles } from '../views/author.styles.js';
import { authorView } from '../views/author.view.js';
import { caseStyles } from '../views/case.styles.js';
import { reportedStyles } from '../views/list.styles.js';
import { t } from '../words.js';
import { HeldDesk } from './held-desk.js';
import { heldBody, heldLink, heldList } from './held.view.js';

const subjectOf = (item: HeldCase): FormSubject => ({
  id: item.id,
  url: item.article.url,
  acts: item.state === 'held' ? ['approve', 'reject'] : [],
  reported: [],
});

/** The comments that a rule holds until a moderator has read them. */
export class HeldPage implements DeskPage {
  readonly name = 'held';
  readonly label = t('nav.held');
  readonly styles = [reportedStyles, caseStyles, authorStyles];
  readonly restoresFocus = true;
  readonly events = { held: () => this.refresh() };
  readonly keys: KeyGroup = {
    title: t('keys.held'),
    rows: [
      [['A'], t('keys.approve')],
      [['R'], t('keys.reject')],
      [['Z'], t('keys.undoHeld')],
    ],
  };
  readonly desk: HeldDesk;
  readonly #form = createRef<DecisionForm>();
  readonly #leaving = () => this.desk.flush();

  constructor(private readonly shell: Shell) {
    this.desk = new HeldDesk(shell.notices.of(this.name), {
      show: (id) => shell.replace(this.name, id),
      refused: () => shell.session.refresh(),
    });
    this.desk.onChange(() => shell.redraw());
    reasons.onChange(() => shell.redraw());
  }

  get count(): string | undefined {
    const { queue } = this.desk;
    return queue.readAt ? browserNumberFormat().format(queue.total) : undefined;
  }

  get waiting(): number {
    return this.desk.queue.total;
  }

  get readAt(): number | undefined {
    return this.desk.queue.readAt;
  }

  get isOffline(): boolean {
    return this.desk.queue.problem?.offline ?? false;
  }

  /** A decision that can still be undone is not sent yet. */
  get blocksUnload(): boolean {
    return this.desk.canUndo;
  }

  isOpenTo({ role }: Account): boolean {
    return role !== 'reader';
  }

  begin(): void {
    addEventListener('pagehide', this.#leaving);
  }

  end(): void {
    removeEventListener('pagehide', this.#leaving);
    this.desk.end();
  }

  async refresh(): Promise<void> {
    await this.desk.queue.refresh();
    if (!this.desk.openId) this.#openFirst();
  }

  enter(id: string | null): void {
    if (!reasons.isRead) void reasons.refresh();
    this.desk.open(id);
    if (!id) this.#openFirst();
  }

  leave(): void {
    this.desk.flush();
    this.desk.open(null);
  }

  step(by: 1 | -1): void {
    this.desk.step(by);
  }

  press(key: string, typing: boolean): boolean {
    return this.#form.value?.press(key, typing) ?? false;
  }

  view(): PageView {
    const { desk } = this;
    const { item } = desk;
    const link = item && heldLink(item);
    return {
      list: heldList(desk),
      back: t('case.back'),
      heading: item ? item.article.title || t('case.untitled') : desk.openId && !desk.problem ? t('state.loading') : '',
      afterHeading: link
        ? html`<a class="page" href=${link} target="_blank" rel="noopener noreferrer">${t('case.openInPage')}</a>`
        : nothing,
      body: heldBody(desk),
      aside: { label: t('author.label'), content: authorView(item) },
      actions: html`<desk-decision-form
        ${ref(this.#form)}
        .item=${item && subjectOf(item)}
        .reasons=${reasons.choices(item?.article.url)}
        .canUndo=${desk.canUndo}
        @decide=${(event: CustomEvent<FormDecision>) => desk.decide(event.detail as HeldDecision)}
        @undo=${() => void desk.undo()}
        @next=${() => this.step(1)}
      ></desk-decision-form>`,
      bare: !item,
    };
  }

  /** Beside the list one text is always open. */
  #openFirst(): void {
    const [first] = this.desk.queue.waiting;
    if (first && this.shell.isWide && this.shell.route.page === this.name) this.shell.replace(this.name, first.id);
  }
}
