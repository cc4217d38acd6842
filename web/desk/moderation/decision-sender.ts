import { asProblem, type ApiProblem } from '../../shared/problem.js';
import type { Case, Decision, Verdict } from './contract.js';
import { readKept, writeKept, type KeptDecision } from './unsaved-decisions.js';
import { decide } from './moderation.api.js';
import type { Queue } from './queue.js';
import type { DeskSession } from '../session.js';
import { Observable } from '../../shared/observable.js';

/** How a decision ended. Only `done` left a row in the log under this moderator's name. */
export type DecisionOutcome =
  | { kind: 'done'; decision: Decision }
  | { kind: 'already'; decision: Decision | undefined; state: string }
  | { kind: 'edited' }
  | { kind: 'kept' }
  | { kind: 'gone' }
  | { kind: 'failed'; problem: ApiProblem };

interface Made {
  commentId: string;
  writer: string | null;
  verdict: Verdict;
  answer: Promise<DecisionOutcome>;
}

type Undone =
  | { kind: 'nothing' }
  | { kind: 'restored'; made: Made; outcome: DecisionOutcome }
  /** Its opposite is not an undo but a decision of its own: the case is opened for it. */
  | { kind: 'reopen'; made: Made };

/** Sends decisions, keeps what can be undone and what the end of a session left unsaved. */
export class Decider extends Observable {
  kept: KeptDecision[] = readKept();
  readonly #history: Made[] = [];
  #owner: string | undefined;

  constructor(
    private readonly queue: Queue,
    private readonly session: DeskSession,
  ) {
    super();
  }

  get last(): Made | undefined {
    return this.#history.at(-1);
  }

  /** The case leaves the queue at once; where the server disagrees, it is back before this resolves. */
  decide(item: Case, verdict: Verdict): Promise<DecisionOutcome> {
    const answer = this.#send(item.comment.id, item.author?.displayName ?? null, verdict);
    this.#remember({ commentId: item.comment.id, writer: item.author?.displayName ?? null, verdict, answer });
    return answer;
  }

  /** Brings back a comment that the log shows as removed. */
  restore(commentId: string, writer: string | null): Promise<DecisionOutcome> {
    const verdict: Verdict = { action: 'restore' };
    const answer = this.#send(commentId, writer, verdict);
    this.#remember({ commentId, writer, verdict, answer });
    return answer;
  }

  /** Takes back the last removal, after its own answer; a keep or a restore has no opposite, see `Undone`. */
  async undo(): Promise<Undone> {
    const made = this.#history.pop();
    this.changed();
    if (!made) return { kind: 'nothing' };
    if ((await made.answer).kind !== 'done') return { kind: 'nothing' };
    if (made.verdict.action !== 'remove') return { kind: 'reopen', made };
    const outcome = await this.#send(made.commentId, made.writer, { action: 'restore' });
    if (outcome.kind === 'failed') this.#remember(made);
    return { kind: 'restored', made, outcome };
  }

  /** Sends what an ended session left; the moderator has asked for it. */
  async resume(kept: KeptDecision): Promise<DecisionOutcome> {
    this.discard(kept);
    const answer = this.#send(kept.commentId, kept.writer, kept.verdict);
    this.#remember({ commentId: kept.commentId, writer: kept.writer, verdict: kept.verdict, answer });
    return answer;
  }

  discard(kept: KeptDecision): void {
    this.#setKept(this.kept.filter((it) => it !== kept));
  }

  /** Another person has signed in: what the last one left is not theirs to send, nor to undo. */
  startFor(accountId: string): void {
    if (this.kept.some((it) => it.accountId !== accountId))
      this.#setKept(this.kept.filter((it) => it.accountId === accountId));
    if (this.#owner !== undefined && this.#owner !== accountId) this.#history.length = 0;
    this.#owner = accountId;
  }
  #remember(made: Made): void {
    this.#history.push(made);
    this.changed();
    // A promise of ours never rejects; what did not become a decision cannot be undone.
    void made.answer.then(({ kind }) => {
      if (kind === 'done') return;
      const index = this.#history.indexOf(made);
      if (index >= 0) this.#history.splice(index, 1);
      this.changed();
    });
  }

  async #send(commentId: string, writer: string | null, verdict: Verdict): Promise<DecisionOutcome> {
    const accountId = this.session.account?.id;
    if (verdict.action !== 'restore') this.queue.hide(commentId);
    try {
      const { decision } = await decide(commentId, verdict);
      this.#settle(commentId);
      return { kind: 'done', decision };
    } catch (error) {
      const problem = asProblem(error);
      const outcome = this.#failure(problem);
      if (outcome.kind === 'already' || outcome.kind === 'gone') this.#settle(commentId);
      else this.queue.restore(commentId);
      if (outcome.kind === 'kept') {
        if (accountId) this.#setKept([...this.kept, { accountId, commentId, writer, verdict }]);
        await this.session.refresh();
      }
      if (problem.status === 403) await this.session.refresh();
      return outcome;
    }
  }

  /** Answered. The hint of it may have been heard, and the queue read, before: so it is read once more. */
  #settle(commentId: string): void {
    this.queue.settle(commentId);
    void this.queue.refresh();
  }

  #failure(problem: ApiProblem): DecisionOutcome {
    const { decision, state } = problem.document as { decision?: Decision; state?: string };
    if (problem.code === 'moderation.already_decided') return { kind: 'already', decision, state: state ?? '' };
    if (problem.code === 'moderation.edited') return { kind: 'edited' };
    if (problem.status === 401) return { kind: 'kept' };
    if (problem.status === 404) return { kind: 'gone' };
    return { kind: 'failed', problem };
  }

  #setKept(kept: KeptDecision[]): void {
    this.kept = kept;
    writeKept(kept);
    this.changed();
  }
}
