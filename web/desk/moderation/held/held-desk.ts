import { Observable } from '../../../shared/observable.js';
import { type ApiProblem, asProblem, isWorthRetrying } from '../../../shared/problem.js';
import { problemText } from '../../../shared/strings/translate.js';
import type { ViewNotices } from '../../shell/notices.js';
import type { HeldCase, HeldDecision } from '../contract.js';
import { decideHeld, readHeld, readHeldCase } from '../moderation.api.js';
import { Queue } from '../queue.js';
import { moderationWords, t, why } from '../words.js';
import { type PendingDecision, PendingDecisions } from './pending-decisions.js';

const OUTCOME = 'outcome';

interface HeldShell {
  /** Opens an entry in place of the present one. */
  show(id: string | null): void;
  /** Asks again who is signed in. */
  refused(): Promise<void>;
}

/** The texts that wait for a moderator, the open one, and the decisions about them. */
export class HeldDesk extends Observable {
  readonly queue = new Queue<HeldCase>(readHeld, (it) => it.id);
  readonly #pending = new PendingDecisions((it) => void this.#send(it));
  openId: string | null = null;
  /** The open text when it is not in the queue: decided, or not read yet. */
  #alone: HeldCase | undefined;
  problem: ApiProblem | undefined;

  constructor(
    private readonly notices: ViewNotices,
    private readonly shell: HeldShell,
  ) {
    super();
    this.queue.onChange(() => this.changed());
  }

  get item(): HeldCase | undefined {
    return this.queue.find(this.openId) ?? (this.#alone?.id === this.openId ? this.#alone : undefined);
  }

  get canUndo(): boolean {
    return this.#pending.size > 0;
  }

  open(id: string | null): void {
    this.openId = id;
    this.problem = undefined;
    if (id && !this.item) void this.reload();
    this.changed();
  }

  /** Reads the open text by itself. */
  async reload(): Promise<void> {
    const id = this.openId;
    if (!id) return;
    try {
      const item = await readHeldCase(id);
      if (id === this.openId) this.#alone = item;
    } catch (error) {
      if (id === this.openId) this.problem = asProblem(error);
    }
    this.changed();
  }

  /** Opens the text `by` places further. */
  step(by: 1 | -1): void {
    const { waiting } = this.queue;
    const at = waiting.findIndex((it) => it.id === this.openId);
    const to = waiting[at < 0 ? 0 : at + by];
    if (to) this.shell.show(to.id);
    if (at + 10 > waiting.length) void this.queue.more();
  }

  /** Takes the open text off the list and opens the next one. The decision is sent after a few seconds. */
  decide(decision: HeldDecision): void {
    const item = this.queue.find(this.openId);
    if (!item) return;
    const { waiting } = this.queue;
    const at = waiting.indexOf(item);
    const following = waiting[at + 1] ?? waiting[at - 1];
    this.queue.hide(item.id);
    this.#pending.add(item, decision);
    const reason = decision.action === 'reject' ? why(decision.reason, item.article.url) : '';
    this.notices.show({
      id: OUTCOME,
      tone: 'good',
      text: t(`held.pending.${decision.action}`, { name: item.author.displayName, reason }),
      actions: [{ label: t('held.undo'), run: () => this.undo() }],
    });
    this.shell.show(following?.id ?? null);
  }

  /** Takes the newest decision back that is not sent yet. @returns whether there was one */
  undo(): boolean {
    const undone = this.#pending.undo();
    this.notices.close(OUTCOME);
    if (!undone) return false;
    this.queue.restore(undone.item.id);
    this.shell.show(undone.item.id);
    return true;
  }

  /** Sends what still waits to be sent. */
  flush(): void {
    this.#pending.flush();
  }

  /** Nothing of one moderator's session stays for the next. */
  end(): void {
    this.flush();
    this.queue.clear();
    this.#alone = undefined;
    this.openId = null;
  }

  async #send({ item, decision, key }: PendingDecision): Promise<void> {
    this.#closeOutcome();
    try {
      await decideHeld(item.id, decision, key);
      this.queue.settle(item.id);
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 401 || problem.status === 403) void this.shell.refused();
      const name = item.author.displayName;
      if (problem.code === 'moderation.already_decided' || problem.status === 404) {
        this.queue.settle(item.id);
        this.notices.show({ id: OUTCOME, tone: 'plain', text: t('held.first', { name }), actions: [] });
      } else {
        this.queue.restore(item.id);
        this.#tellFailure(item, decision, problem);
      }
    }
    void this.queue.refresh();
  }

  #closeOutcome(): void {
    if (!this.canUndo) this.notices.close(OUTCOME);
    this.changed();
  }

  #tellFailure(item: HeldCase, decision: HeldDecision, problem: ApiProblem): void {
    const id = `case ${item.id}`;
    const again = () => {
      this.notices.close(id);
      this.shell.show(item.id);
      this.decide(decision);
    };
    this.notices.show({
      id,
      tone: 'warn',
      text: t('held.failed', { name: item.author.displayName, why: problemText(moderationWords, problem) }),
      actions: isWorthRetrying(problem) ? [{ label: t('action.retry'), run: again }] : [],
    });
  }
}
