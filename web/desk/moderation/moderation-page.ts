import type { Case, LoggedDecision, Verdict } from './contract.js';
import { Decider, type DecisionOutcome } from './decision-sender.js';
import type { KeptDecision } from './unsaved-decisions.js';
import type { DecisionLog } from './decision-log.js';
import type { Notices } from '../shell/notices.js';
import type { OpenCase } from './open-case.js';
import type { Queue } from './queue.js';
import type { DeskSession } from '../session.js';
import { t } from '../shell/strings.js';
import { Teller } from './decision-messages.js';
import { nameOf } from '../shell/text.view.js';

/** What judging reads and changes. */
interface ModerationLists {
  readonly session: DeskSession;
  readonly queue: Queue;
  readonly log: DecisionLog;
  readonly open: OpenCase;
  readonly notices: Notices;
}

/** What judging asks of the desk around it. */
interface ModerationCallbacks {
  /** Whether the list in view is the queue's. */
  inQueue: () => boolean;
  /** The comments of the list in view, in its order. */
  ids: () => string[];
  go: (commentId: string | null) => void;
  /** The open case is about to leave the queue by our own hand. */
  leaving: () => void;
  changed: () => void;
}

/** The case is in the queue again: nothing was saved. */
const cameBack = ({ kind }: DecisionOutcome): boolean => kind === 'failed' || kind === 'edited' || kind === 'kept';

/** Decides, undoes and restores; tells how it ended, and reads again what it changed. */
export class Judging {
  readonly decider: Decider;
  /** Decisions that did not get through, until they are made again. */
  readonly notSaved = new Set<string>();
  /** Removals that are being restored from the log. */
  readonly restoring = new Set<string>();
  /** Counts what the moderator does: a late refusal pulls a case back into view only while he has done nothing else. */
  #acts = 0;
  readonly #teller: Teller;

  constructor(
    private readonly rooms: ModerationLists,
    private readonly ways: ModerationCallbacks,
  ) {
    const { open, queue, session, notices } = rooms;
    this.decider = new Decider(queue, session);
    this.#teller = new Teller(notices, {
      openId: () => open.commentId,
      look: (commentId) => ways.go(commentId),
      again: (commentId, verdict) => {
        ways.go(commentId);
        if (open.item) void this.#judge(open.item, verdict);
      },
      resume: (kept) => void this.#resume(kept),
      discard: (kept) => {
        this.decider.discard(kept);
        this.notSaved.delete(kept.commentId);
      },
    });
  }

  /** The moderator has pressed something. */
  acted(): void {
    this.#acts += 1;
  }

  /** A moderator sits down. Offers what the end of a session left unsaved. @returns the case of the latest of it */
  begin(staffId: string): string | undefined {
    this.decider.startFor(staffId);
    for (const kept of this.decider.kept) this.#teller.offer(kept);
    return this.decider.kept.at(-1)?.commentId;
  }

  leave(): void {
    this.notSaved.clear();
  }

  /** The queue was read: what somebody else has dealt with needs no second try. */
  queueRead(): void {
    const { queue } = this.rooms;
    for (const id of this.notSaved)
      if (!queue.problem && !queue.find(id)) {
        this.notSaved.delete(id);
        this.#teller.withdraw(id);
      }
  }

  /** Decides the open case and goes on to the next one at once. */
  async judge(verdict: Verdict): Promise<void> {
    const { item } = this.rooms.open;
    if (item) await this.#judge(item, { ...verdict, revision: item.comment.revision });
  }

  /** A second try sends the very verdict again: it was made on the text of its revision, whatever is open now. */
  async #judge(item: Case, verdict: Verdict): Promise<void> {
    const { queue, notices } = this.rooms;
    const id = item.comment.id;
    const name = nameOf(item.author ?? item.comment.author);
    const waiting = queue.find(id) !== undefined;
    const ids = this.ways.ids();
    const following = ids[ids.indexOf(id) + 1] ?? ids[ids.indexOf(id) - 1] ?? null;
    this.notSaved.delete(id);
    notices.clear();
    const acts = this.#acts;
    this.ways.leaving();
    const answer = this.decider.decide(item, verdict);
    const movedOn = waiting && this.ways.inQueue();
    if (movedOn) this.ways.go(following);
    const outcome = await answer;
    if (cameBack(outcome) && movedOn && acts === this.#acts) this.ways.go(id);
    this.#ended(outcome, verdict, id, name);
  }

  /** Restores the last removal; what has no opposite is opened instead, with a word about it. */
  async undo(): Promise<void> {
    const undone = await this.decider.undo();
    if (undone.kind === 'nothing') return this.#teller.remark(t('undo.nothing'));
    const { commentId, verdict, writer } = undone.made;
    this.rooms.notices.clear();
    if (undone.kind === 'reopen') this.#teller.remark(verdict.action === 'keep' ? t('undo.keep') : t('undo.restore'));
    else this.#ended(undone.outcome, { action: 'restore' }, commentId, writer ?? nameOf(null));
    this.ways.go(commentId);
  }

  /** Restores from the log, without leaving it. */
  async restoreLogged(decision: LoggedDecision): Promise<void> {
    const { commentId } = decision;
    this.restoring.add(commentId);
    this.ways.changed();
    const outcome = await this.decider.restore(commentId, decision.author?.displayName ?? null);
    this.restoring.delete(commentId);
    this.#ended(outcome, { action: 'restore' }, commentId, nameOf(decision.author));
  }

  async #resume(kept: KeptDecision): Promise<void> {
    const outcome = await this.decider.resume(kept);
    this.#ended(outcome, kept.verdict, kept.commentId, kept.writer ?? nameOf(null));
  }

  /** A decision has its answer: it is told, and everything that shows the comment is read again. */
  #ended(outcome: DecisionOutcome, verdict: Verdict, commentId: string, name: string): void {
    const { session, queue, open } = this.rooms;
    if (cameBack(outcome) && queue.find(commentId)) this.notSaved.add(commentId);
    else this.notSaved.delete(commentId);
    if (session.standing === 'staff') {
      const kept = this.decider.kept.find((it) => it.commentId === commentId);
      if (outcome.kind === 'kept' && kept) this.#teller.offer(kept);
      else this.#teller.tell(outcome, verdict, commentId, name);
      if (open.commentId === commentId) void open.reload();
      if (cameBack(outcome)) void queue.refresh();
      this.#log(outcome, verdict, commentId);
    }
    this.ways.changed();
  }

  #log(outcome: DecisionOutcome, { action }: Verdict, commentId: string): void {
    const { log } = this.rooms;
    if (outcome.kind === 'done' && action !== 'keep')
      log.mark(commentId, action === 'remove' ? 'removed' : 'published');
    if (log.readAt) void log.refresh();
  }
}
