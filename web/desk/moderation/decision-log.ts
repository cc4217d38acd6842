import type { Comment } from '../../shared/contract.js';
import { asProblem, type ApiProblem } from '../../shared/problem.js';
import type { Action, LoggedDecision } from './contract.js';
import { readDecisions } from './moderation.api.js';
import { coalesce, Observable } from '../../shared/observable.js';

const PAGE = 50;

export type Filter = Action | 'all';

/** The append-only log of decisions, newest first, of one kind or of all. */
export class DecisionLog extends Observable {
  problem: ApiProblem | undefined;
  readAt: number | undefined;
  filter: Filter = 'all';
  items: LoggedDecision[] = [];
  next: string | null = null;

  /** True if this row is the reason why the comment is removed now: no newer row has removed it. */
  isInForce({ id, commentId, action, state }: LoggedDecision): boolean {
    if (action !== 'remove' || state !== 'removed') return false;
    return this.items.find((it) => it.commentId === commentId && it.action === 'remove')?.id === id;
  }

  /** Sets a comment's new state in every row about it, before the log is read again. */
  setState(commentId: string, state: Comment['state']): void {
    this.items = this.items.map((it) => (it.commentId === commentId ? { ...it, state } : it));
    this.changed();
  }

  clear(): void {
    this.items = [];
    this.next = null;
    this.readAt = undefined;
    this.problem = undefined;
    this.changed();
  }

  choose(filter: Filter): void {
    if (filter === this.filter) return;
    this.filter = filter;
    this.clear();
    void this.refresh();
  }

  /** Adds new rows on top. If more rows are new than one page holds, the list starts again from that page. */
  readonly refresh = coalesce(async () => {
    const { filter } = this;
    try {
      const page = await readDecisions(actionOf(filter), null, PAGE);
      if (filter !== this.filter) return;
      const read = new Set(page.items.map((it) => it.id));
      const older = this.items.filter((it) => !read.has(it.id));
      const joins = older.length < this.items.length;
      this.items = joins ? [...page.items, ...older] : page.items;
      if (!joins) this.next = page.next;
      this.readAt = Date.now();
      this.problem = undefined;
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.changed();
  });

  readonly older = coalesce(async () => {
    const { filter, next } = this;
    if (!next) return;
    try {
      const page = await readDecisions(actionOf(filter), next, PAGE);
      if (filter !== this.filter || next !== this.next) return;
      this.items = [...this.items, ...page.items];
      this.next = page.next;
      this.problem = undefined;
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.changed();
  });
}

const actionOf = (filter: Filter): Action | null => (filter === 'all' ? null : filter);
