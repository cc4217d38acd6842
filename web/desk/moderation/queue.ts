import { asProblem, type ApiProblem } from '../../shared/problem.js';
import type { Case } from './contract.js';
import { readReported } from './moderation.api.js';
import { coalesce, Observable } from '../../shared/observable.js';

const PAGE = 50;

/** The reported queue as the server told it last, without what this moderator has decided meanwhile. */
export class Queue extends Observable {
  problem: ApiProblem | undefined;
  /** When the list was last read whole; undefined before the first time. */
  readAt: number | undefined;
  next: string | null = null;
  #items: Case[] = [];
  #total = 0;
  /** Decided here: kept out of sight until a reading that began after the server's answer. `true`: answered. */
  readonly #decided = new Map<string, boolean>();

  /** The cases that wait for a decision. */
  get waiting(): Case[] {
    return this.#items.filter((it) => !this.#decided.has(it.comment.id));
  }

  /** How many wait in all, those beyond the loaded pages included. */
  get total(): number {
    return this.#total - this.#items.filter((it) => this.#decided.has(it.comment.id)).length;
  }

  find(commentId: string | null): Case | undefined {
    return this.waiting.find((it) => it.comment.id === commentId);
  }

  /** Takes a case off the list at once; `settle` or `restore` says how it ended. */
  hide(commentId: string): void {
    this.#decided.set(commentId, false);
    this.changed();
  }

  /** The server has it: the next reading decides whether new reports bring it back. */
  settle(commentId: string): void {
    this.#decided.set(commentId, true);
  }

  /** It did not work: the case is back in view. */
  restore(commentId: string): void {
    this.#decided.delete(commentId);
    this.changed();
  }

  /** Nothing of one moderator's session stays for the next. */
  clear(): void {
    this.#items = [];
    this.#total = 0;
    this.#decided.clear();
    this.next = null;
    this.readAt = undefined;
    this.problem = undefined;
    this.changed();
  }

  /** Reads as many pages as are loaded, so that a hint never shortens the list under the moderator's hand. */
  readonly refresh = coalesce(async () => {
    const answered = [...this.#decided].filter(([, done]) => done).map(([id]) => id);
    const wanted = Math.max(this.#items.length, 1);
    try {
      let page = await readReported(null, PAGE);
      const items = [...page.items];
      while (page.next && items.length < wanted) {
        page = await readReported(page.next, PAGE);
        items.push(...page.items);
      }
      this.#take(items, page.total, page.next);
      for (const id of answered) this.#decided.delete(id);
      this.readAt = Date.now();
      this.problem = undefined;
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.changed();
  });

  /** The next page, when the moderator nears the end of the loaded ones. */
  readonly more = coalesce(async () => {
    if (!this.next) return;
    try {
      const page = await readReported(this.next, PAGE);
      this.#take([...this.#items, ...page.items], page.total, page.next);
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.changed();
  });

  #take(items: Case[], total: number, next: string | null): void {
    this.#items = [...new Map(items.map((it) => [it.comment.id, it])).values()];
    this.#total = total;
    this.next = next;
  }
}
