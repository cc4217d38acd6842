import { asProblem, type ApiProblem } from '../../shared/problem.js';
import type { Case, Decision, DecisionConflict, DecisionInput } from './contract.js';
import { readUnsavedDecisions, writeUnsavedDecisions, type UnsavedDecision } from './unsaved-decisions.js';
import { decide } from './moderation.api.js';
import type { Queue } from './queue.js';
import type { DeskSession } from '../shell/session.js';
import { Observable } from '../../shared/observable.js';

/** How a decision ended. Only `done` has added a row to the log under this moderator's name. */
export type DecisionOutcome =
  | { kind: 'done'; decision: Decision }
  | { kind: 'already'; decision: Decision | undefined; state: string }
  | { kind: 'edited' }
  | { kind: 'signed-out' }
  | { kind: 'gone' }
  | { kind: 'failed'; problem: ApiProblem };

interface SentDecision {
  commentId: string;
  authorName: string;
  input: DecisionInput;
  answer: Promise<DecisionOutcome>;
}

type UndoResult =
  | { kind: 'nothing' }
  | { kind: 'restored'; sent: SentDecision; outcome: DecisionOutcome }
  /** The opposite would be a decision of its own, so the case is opened for it instead. */
  | { kind: 'reopen'; sent: SentDecision };

/** Sends decisions. It remembers those that can be undone and those that the end of a session left unsaved. */
export class DecisionSender extends Observable {
  unsaved: UnsavedDecision[] = readUnsavedDecisions();
  readonly #history: SentDecision[] = [];
  #owner: string | undefined;

  constructor(
    private readonly queue: Queue<Case>,
    private readonly session: DeskSession,
  ) {
    super();
  }

  /** Whether the last decision is a removal: a keep has closed the reports for good, and cannot be undone. */
  get canUndo(): boolean {
    return this.#history.at(-1)?.input.action === 'remove';
  }

  /** Takes the case off the queue at once. If the server refuses, the case is back before this resolves. */
  decide(item: Case, input: DecisionInput): Promise<DecisionOutcome> {
    const answer = this.#send(item.comment.id, item.author.displayName, input);
    this.#remember({ commentId: item.comment.id, authorName: item.author.displayName, input, answer });
    return answer;
  }

  /** Restores a comment that the log shows as removed. */
  restore(commentId: string, authorName: string): Promise<DecisionOutcome> {
    const input: DecisionInput = { action: 'restore' };
    const answer = this.#send(commentId, authorName, input);
    this.#remember({ commentId, authorName, input, answer });
    return answer;
  }

  /** Undoes the last removal, after its own answer. A keep or a restore is reopened instead. */
  async undo(): Promise<UndoResult> {
    const sent = this.#history.pop();
    this.changed();
    if (!sent) return { kind: 'nothing' };
    if ((await sent.answer).kind !== 'done') return { kind: 'nothing' };
    if (sent.input.action !== 'remove') return { kind: 'reopen', sent };
    const outcome = await this.#send(sent.commentId, sent.authorName, { action: 'restore' });
    if (outcome.kind === 'failed') this.#remember(sent);
    return { kind: 'restored', sent, outcome };
  }

  /** Sends an unsaved decision, as its moderator has asked. */
  async resend(unsaved: UnsavedDecision): Promise<DecisionOutcome> {
    this.discard(unsaved);
    const answer = this.#send(unsaved.commentId, unsaved.authorName, unsaved.input);
    this.#remember({ commentId: unsaved.commentId, authorName: unsaved.authorName, input: unsaved.input, answer });
    return answer;
  }

  discard(unsaved: UnsavedDecision): void {
    this.#setUnsaved(this.unsaved.filter((it) => it !== unsaved));
  }

  /** Begins for an account. Unsaved decisions and the history of another account are dropped. */
  startFor(accountId: string): void {
    if (this.unsaved.some((it) => it.accountId !== accountId))
      this.#setUnsaved(this.unsaved.filter((it) => it.accountId === accountId));
    if (this.#owner !== undefined && this.#owner !== accountId) this.#history.length = 0;
    this.#owner = accountId;
  }

  #remember(sent: SentDecision): void {
    this.#history.push(sent);
    this.changed();
    // The answer never rejects. A decision that was not saved cannot be undone.
    void sent.answer.then(({ kind }) => {
      if (kind === 'done') return;
      const index = this.#history.indexOf(sent);
      if (index >= 0) this.#history.splice(index, 1);
      this.changed();
    });
  }

  async #send(commentId: string, authorName: string, input: DecisionInput): Promise<DecisionOutcome> {
    const accountId = this.session.account?.id;
    if (input.action !== 'restore') this.queue.hide(commentId);
    try {
      const { decision, comment } = await decide(commentId, input);
      this.#settle(commentId);
      // The author deleted the comment after its removal, so nothing came back.
      return comment.state === 'deleted' ? { kind: 'gone' } : { kind: 'done', decision };
    } catch (error) {
      const problem = asProblem(error);
      const outcome = this.#failure(problem);
      if (outcome.kind === 'already' || outcome.kind === 'gone') this.#settle(commentId);
      else this.queue.restore(commentId);
      if (outcome.kind === 'signed-out') {
        if (accountId) this.#setUnsaved([...this.unsaved, { accountId, commentId, authorName, input }]);
        await this.session.refresh();
      }
      if (problem.status === 403) await this.session.refresh();
      return outcome;
    }
  }

  /** Reads the queue again, because the live event and the read after it may have come before this answer. */
  #settle(commentId: string): void {
    this.queue.settle(commentId);
    void this.queue.refresh();
  }

  #failure(problem: ApiProblem): DecisionOutcome {
    const { decision, state } = problem.document as Partial<DecisionConflict>;
    if (problem.code === 'moderation.already_decided') {
      return { kind: 'already', decision: decision ?? undefined, state: state ?? '' };
    }
    if (problem.code === 'moderation.edited') return { kind: 'edited' };
    if (problem.status === 401) return { kind: 'signed-out' };
    if (problem.status === 404) return { kind: 'gone' };
    return { kind: 'failed', problem };
  }

  #setUnsaved(unsaved: UnsavedDecision[]): void {
    this.unsaved = unsaved;
    writeUnsavedDecisions(unsaved);
    this.changed();
  }
}
