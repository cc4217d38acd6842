import type { Account } from '../../shared/contract.js';
import type { DeskSession } from '../shell/session.js';
import { oneLine } from '../shell/text.view.js';
import type { ViewNotices } from '../shell/notices.js';
import type { KeyGroup, Shell } from '../shell/page.js';
import type { Case } from './contract.js';
import { DecisionActions } from './decision-actions.js';
import { DecisionLog } from './decision-log.js';
import { OpenCase } from './open-case.js';
import { unsavedReminder } from './outcome-words.js';
import { readReported } from './moderation.api.js';
import { Queue } from './queue.js';
import { reasons } from './reasons.js';
import { Statistics } from './statistics.js';
import { t } from './words.js';

export const REPORTED = 'reported';
export const DECISIONS = 'decisions';
/** The view of both pages, for their notices. */
export const MODERATION = 'moderation';

/** The state that the two pages of moderation share: the queue, the log, the open case and the decisions about it. */
export class Moderation {
  readonly queue = new Queue<Case>(readReported, (it) => it.comment.id);
  readonly log = new DecisionLog();
  readonly open = new OpenCase();
  readonly statistics = new Statistics();
  readonly notices: ViewNotices;
  readonly actions: DecisionActions;
  readonly keys: KeyGroup = {
    title: t('keys.moderation'),
    rows: [
      [['K'], t('keys.keep')],
      [['R'], t('keys.remove')],
      [['S'], t('keys.restore')],
      [['Z'], t('keys.undo')],
    ],
  };
  /** The open case was in the queue when the queue was read last, and this desk has not decided it. */
  #wasWaiting = false;

  constructor(readonly shell: Shell) {
    this.notices = shell.notices.of(MODERATION);
    this.actions = new DecisionActions(this, {
      show: (commentId) => this.show(commentId),
      leavesQueue: () => (this.#wasWaiting = false),
      redraw: () => shell.redraw(),
    });
    this.queue.onChange(() => this.#queueChanged());
    for (const it of [this.log, this.open, this.statistics, this.actions.sender, reasons])
      it.onChange(() => shell.redraw());
  }

  get session(): DeskSession {
    return this.shell.session;
  }

  get inputs(): number {
    return this.shell.inputs;
  }

  get isQueueInView(): boolean {
    return this.shell.route.page === REPORTED;
  }

  get isLogInView(): boolean {
    return this.shell.route.page === DECISIONS;
  }

  /** The comments of the list in view, in its order. */
  get ids(): string[] {
    if (this.isLogInView) return [...new Set(this.log.items.flatMap((it) => it.commentId ?? []))];
    return this.queue.waiting.map((it) => it.comment.id);
  }

  /** Sentences about decisions that the end of a session left unsaved. */
  get unsaved(): string[] {
    return this.actions.sender.unsaved.map(unsavedReminder);
  }

  begin(account: Account): void {
    const latest = this.actions.begin(account.id);
    if (latest) this.show(latest);
  }

  /** Nothing that only the newsroom may see stays in the page of somebody who has signed out. */
  end(): void {
    this.leave();
    this.queue.clear();
    this.log.clear();
    this.statistics.clear();
    this.actions.end();
  }

  /** Opens a case in place of the present one, so that the browser's back button leads to the list. */
  show(commentId: string | null): void {
    this.shell.replace(this.isLogInView ? DECISIONS : REPORTED, commentId);
  }

  /** Opens the case to which the address leads. */
  enter(commentId: string | null): void {
    const known = this.queue.find(commentId);
    const moved = commentId !== this.open.commentId;
    this.#wasWaiting = known !== undefined;
    this.open.open(commentId, known);
    if (!commentId) this.statistics.refreshIfOld();
    if (moved && this.open.item) this.#announceCase();
  }

  /** Closes the case, and the notice about the last decision, which speaks of the comment "here". */
  leave(): void {
    this.#wasWaiting = false;
    this.open.open(null, undefined);
    this.actions.closeOutcome();
  }

  /** Opens the case `by` places further in the list in view. @returns the place of the case before, or -1 */
  step(by: 1 | -1): number {
    const { ids } = this;
    const at = ids.indexOf(this.open.commentId ?? '');
    const to = ids[at < 0 ? 0 : at + by];
    if (to) this.show(to);
    return at;
  }

  /** Undoes a running countdown first, because only that cannot be undone later. */
  async undo(): Promise<void> {
    if (!this.shell.undoCountdown()) await this.actions.undo();
  }

  #queueChanged(): void {
    const { queue, open, session, shell } = this;
    const isStaff = session.access === 'staff';
    // The server refuses what it allowed before if the session or the role has ended and that event was lost.
    const refused = queue.problem?.status;
    if (isStaff && (refused === 401 || refused === 403)) void session.refresh();
    const known = queue.find(open.commentId);
    if (known) open.take(known);
    // Somebody else has decided the open case.
    else if (open.commentId && this.#wasWaiting) void open.reload();
    this.#wasWaiting = known !== undefined;
    this.actions.queueRead();
    if (isStaff && this.isQueueInView && !open.commentId && !this.openFirst()) this.statistics.refreshIfOld();
    shell.redraw();
  }

  /** Opens the first case, because beside the list one case is always open. @returns whether it has opened one */
  openFirst(): boolean {
    const [first] = this.queue.waiting;
    if (!first || !this.shell.isWide) return false;
    this.show(first.comment.id);
    return true;
  }

  #announceCase(): void {
    const item = this.open.item!;
    const name = item.author.displayName;
    this.shell.announce(t('case.announce', { name, text: oneLine(item.comment.body) }));
  }
}
