import { asProblem, type ApiProblem } from '../../shared/problem.js';
import { coalesce, Observable } from '../../shared/observable.js';

const PAGE = 50;

/** A page of a queue as the server sends it. */
interface QueuePage<T> {
  items: T[];
  next: string | null;
  total: number;
}

/** A queue as it was read last, without the cases that were decided here since. */
export class Queue<T> extends Observable {
  problem: ApiProblem | undefined;
  /** When the list was read last, in milliseconds; undefined before the first time. */
  readAt: number | undefined;
  next: string | null = null;
  #items: T[] = [];
  #total = 0;
  /**
   * Cases that were decided here. They stay hidden until a read that began after the server's answer; the value is true
   * once the server has answered.
   */
  readonly #decided = new Map<string, boolean>();

  constructor(
    private readonly read: (after: string | null, limit: number) => Promise<QueuePage<T>>,
    private readonly idOf: (item: T) => string,
  ) {
    super();
  }

  /** The cases that wait for a decision. */
  get waiting(): T[] {
    return this.#items.filter((it) => !this.#decided.has(this.idOf(it)));
  }

  /** The number of all waiting cases, including those that are not loaded. */
  get total(): number {
    return this.#total - this.#items.filter((it) => this.#decided.has(this.idOf(it))).length;
  }

  find(id: string | null): T | undefined {
    return this.waiting.find((it) => this.idOf(it) === id);
  }

  /** Takes a case off the list at once. `settle` or `restore` follows with the answer. */
  hide(id: string): void {
    this.#decided.set(id, false);
    this.changed();
  }

  /** The server has saved the decision. The next read shows the case again only if new reports came. */
  settle(id: string): void {
    this.#decided.set(id, true);
  }

  /** The decision was not saved, so the case is shown again. */
  restore(id: string): void {
    this.#decided.delete(id);
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
      let page = await this.read(null, PAGE);
      const items = [...page.items];
      while (page.next && items.length < loaded) {
        page = await this.read(page.next, PAGE);
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
      const page = await this.read(this.next, PAGE);
      this.#take([...this.#items, ...page.items], page.total, page.next);
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.changed();
  });

  #take(items: T[], total: number, next: string | null): void {
    this.#items = [...new Map(items.map((it) => [this.idOf(it), it])).values()];
    this.#total = total;
    this.next = next;
  }
}
