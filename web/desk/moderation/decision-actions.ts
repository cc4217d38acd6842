import type { DeskSession } from '../shell/session.js';
import type { ViewNotices } from '../shell/notices.js';
import type { Case, DecisionInput, LoggedDecision } from './contract.js';
import type { DecisionLog } from './decision-log.js';
import { DecisionMessages } from './decision-messages.js';
import { DecisionSender, type DecisionOutcome } from './decision-sender.js';
import type { OpenCase } from './open-case.js';
import type { Queue } from './queue.js';
import type { UnsavedDecision } from './unsaved-decisions.js';
import { t } from './words.js';

/** The state that a decision reads and changes. */
interface ModerationState {
  readonly session: DeskSession;
  readonly notices: ViewNotices;
  readonly queue: Queue<Case>;
  readonly log: DecisionLog;
  readonly open: OpenCase;
  /** Whether the list in view is the queue. */
  readonly isQueueInView: boolean;
  /** The comments of the list in view, in its order. */
  readonly ids: readonly string[];
  /** Counts presses of keys and pointers. */
  readonly inputs: number;
}

interface ModerationCallbacks {
  show: (commentId: string | null) => void;
  /** The open case is about to leave the queue by a decision of this desk. */
  leavesQueue: () => void;
  redraw: () => void;
}

/** Nothing was saved, so the case is in the queue again. */
const isBackInQueue = ({ kind }: DecisionOutcome): boolean =>
  kind === 'failed' || kind === 'edited' || kind === 'signed-out';

/** Decides, undoes and restores; reports the outcome and reads again what it changed. */
export class DecisionActions {
  readonly sender: DecisionSender;
  /** Comments whose decision did not reach the server, until it is made again. */
  readonly notSaved = new Set<string>();
  /** Comments that are being restored from the log. */
  readonly restoring = new Set<string>();
  readonly #messages: DecisionMessages;

  constructor(
    private readonly state: ModerationState,
    private readonly callbacks: ModerationCallbacks,
  ) {
    const { open, queue, session, notices } = state;
    this.sender = new DecisionSender(queue, session);
    this.#messages = new DecisionMessages(notices, {
      openId: () => open.commentId,
      show: (commentId) => callbacks.show(commentId),
      retry: (commentId, input) => {
        callbacks.show(commentId);
        if (open.item) void this.#decide(open.item, input);
      },
      save: (unsaved) => void this.#save(unsaved),
      discard: (unsaved) => {
        this.sender.discard(unsaved);
        this.notSaved.delete(unsaved.commentId);
      },
    });
  }

  /**
   * Begins for a moderator, and offers the decisions that the end of their last session left unsaved.
   * @returns the comment of the latest one
   */
  begin(accountId: string): string | undefined {
    this.sender.startFor(accountId);
    for (const it of this.sender.unsaved) this.#messages.offer(it);
    return this.sender.unsaved.at(-1)?.commentId;
  }

  end(): void {
    this.notSaved.clear();
  }

  closeOutcome(): void {
    this.#messages.closeOutcome();
  }

  /** Withdraws the warnings about cases that the queue, just read, does not hold any more. */
  queueRead(): void {
    const { queue } = this.state;
    for (const id of this.notSaved)
      if (!queue.problem && !queue.find(id)) {
        this.notSaved.delete(id);
        this.#messages.withdraw(id);
      }
  }

  /** Decides the open case and opens the next one at once. */
  async decide(input: DecisionInput): Promise<void> {
    const { item } = this.state.open;
    if (item) await this.#decide(item, { ...input, revision: item.comment.revision });
  }

  /** A retry sends the same input with its revision, because it was made on that text. */
  async #decide(item: Case, input: DecisionInput): Promise<void> {
    const { queue, notices, ids, inputs, isQueueInView } = this.state;
    const id = item.comment.id;
    const waiting = queue.find(id) !== undefined;
    const following = ids[ids.indexOf(id) + 1] ?? ids[ids.indexOf(id) - 1] ?? null;
    this.notSaved.delete(id);
    notices.clear();
    this.callbacks.leavesQueue();
    const answer = this.sender.decide(item, input);
    const movedOn = waiting && isQueueInView;
    if (movedOn) this.callbacks.show(following);
    const outcome = await answer;
    // A late refusal brings the case back into view only while the moderator has done nothing else.
    if (isBackInQueue(outcome) && movedOn && this.state.isQueueInView && inputs === this.state.inputs)
      this.callbacks.show(id);
    this.#finish(outcome, input, id, item.author.displayName);
  }

  /** Restores the last removal. A decision without an opposite is opened instead, with a note that says so. */
  async undo(): Promise<void> {
    const undone = await this.sender.undo();
    if (undone.kind === 'nothing') return this.#messages.note(t('undo.nothing'));
    const { commentId, input, authorName } = undone.sent;
    this.state.notices.clear();
    if (undone.kind === 'reopen') this.#messages.note(input.action === 'keep' ? t('undo.keep') : t('undo.restore'));
    else this.#finish(undone.outcome, { action: 'restore' }, commentId, authorName);
    this.callbacks.show(commentId);
  }

  /** Restores from the log without leaving it. */
  async restoreLogged(decision: LoggedDecision): Promise<void> {
    const { commentId } = decision;
    if (commentId === null) return;
    this.restoring.add(commentId);
    this.callbacks.redraw();
    const outcome = await this.sender.restore(commentId, decision.author.displayName);
    this.restoring.delete(commentId);
    this.#finish(outcome, { action: 'restore' }, commentId, decision.author.displayName);
  }

  async #save(unsaved: UnsavedDecision): Promise<void> {
    const outcome = await this.sender.resend(unsaved);
    this.#finish(outcome, unsaved.input, unsaved.commentId, unsaved.authorName);
  }

  /** Reports the outcome, and reads again everything that shows the comment. */
  #finish(outcome: DecisionOutcome, input: DecisionInput, commentId: string, name: string): void {
    const { session, queue, open } = this.state;
    if (isBackInQueue(outcome) && queue.find(commentId)) this.notSaved.add(commentId);
    else this.notSaved.delete(commentId);
    if (session.access === 'staff') {
      const unsaved = this.sender.unsaved.find((it) => it.commentId === commentId);
      if (outcome.kind === 'signed-out' && unsaved) this.#messages.offer(unsaved);
      else this.#messages.show(outcome, input, commentId, name);
      if (open.commentId === commentId) void open.reload();
      if (isBackInQueue(outcome)) void queue.refresh();
      this.#updateLog(outcome, input, commentId);
    }
    this.callbacks.redraw();
  }

  #updateLog(outcome: DecisionOutcome, { action }: DecisionInput, commentId: string): void {
    const { log } = this.state;
    if (outcome.kind === 'done' && action !== 'keep')
      log.setState(commentId, action === 'remove' ? 'removed' : 'published');
    if (log.readAt) void log.refresh();
  }
}
