import { asProblem, type ApiProblem } from '../../shared/problem.js';
import type { Case } from './contract.js';
import { readReported } from './moderation.api.js';
import { coalesce, Observable } from '../../shared/observable.js';

const PAGE = 50;

/** The queue of reported comments as it was read last, without the cases that were decided here since. */
export class Queue extends Observable {
  problem: ApiProblem | undefined;
  /** When the list was read last, in milliseconds; undefined before the first time. */
  readAt: number | undefined;
  next: string | null = null;
  #items: Case[] = [];
  #total = 0;
  /**
   * Cases that were decided here. They stay hidden until a read that began after the server's answer; the value is true
   * once the server has answered.
   */
  readonly #decided = new Map<string, boolean>();

  /** The cases that wait for a decision. */
  get waiting(): Case[] {
    return this.#items.filter((it) => !this.#decided.has(it.comment.id));
  }

  /** The number of all waiting cases, including those that are not loaded. */
  get total(): number {
    return this.#total - this.#items.filter((it) => this.#decided.has(it.comment.id)).length;
  }

  find(commentId: string | null): Case | undefined {
    return this.waiting.find((it) => it.comment.id === commentId);
  }

  /** Takes a case off the list at once. `settle` or `restore` follows with the answer. */
  hide(commentId: string): void {
    this.#decided.set(commentId, false);
    this.changed();
  }

  /** The server has saved the decision. The next read shows the case again only if new reports came. */
  settle(commentId: string): void {
    this.#decided.set(commentId, true);
  }

  /** The decision was not saved, so the case is shown again. */
  restore(commentId: string): void {
    this.#decided.delete(commentId);
    this.changed();
  }

  /** Removes everything, so that nothing of one moderator's session stays for the next. */
  clear(): void {
    this.#items = [];
    this.#total = 0;
    this.#decided.clear();
    this.next = null;
    this.readAt = undefined;
    this.problem = undefined;
    this.changed();
  }

  /** Reads as many pages as are loaded, so that a live event never shortens the list. */
  readonly refresh = coalesce(async () => {
    const answered = [...this.#decided].filter(([, done]) => done).map(([id]) => id);
    const loaded = Math.max(this.#items.length, 1);
    try {
      let page = await readReported(null, PAGE);
      const items = [...page.items];
      while (page.next && items.length < loaded) {
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

  /** Reads the next page. */
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
