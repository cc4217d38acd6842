import { asProblem, type ApiProblem } from '../shared/problem.js';
import type { Action, LoggedDecision } from './contract.js';
import { readDecisions } from './moderation.api.js';
import { coalesce, Source } from './source.js';

const PAGE = 50;
/** A rare action may lie far back: one press looks through this many pages at most, and says how far it came. */
const PAGES_PER_SEARCH = 6;

export type Filter = Action | 'all';

/** The append-only log of decisions, newest first. */
export class DecisionLog extends Source {
  problem: ApiProblem | undefined;
  readAt: number | undefined;
  filter: Filter = 'all';
  items: LoggedDecision[] = [];
  next: string | null = null;
  busy = false;

  get shown(): LoggedDecision[] {
    return this.filter === 'all' ? this.items : this.items.filter((it) => it.action === this.filter);
  }

  /** True where this row is why the comment is away now: the newest word on it is this removal. */
  isStanding(decision: LoggedDecision): boolean {
    if (decision.action !== 'remove') return false;
    return this.items.find((it) => it.commentId === decision.commentId && it.action !== 'keep')?.id === decision.id;
  }

  clear(): void {
    this.items = [];
    this.next = null;
    this.readAt = undefined;
    this.problem = undefined;
    this.changed();
  }

  choose(filter: Filter): void {
    this.filter = filter;
    this.changed();
    if (this.shown.length < PAGE && this.next) void this.older();
  }

  /** The log only grows: new rows go on top; where more came than a page holds, it is read anew. */
  readonly refresh = coalesce(async () => {
    try {
      const page = await readDecisions(null, PAGE);
      const known = new Set(this.items.map((it) => it.id));
      const fresh = page.items.filter((it) => !known.has(it.id));
      if (fresh.length === page.items.length) {
        this.items = page.items;
        this.next = page.next;
      } else this.items = [...fresh, ...this.items];
      this.readAt = Date.now();
      this.problem = undefined;
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.changed();
  });

  /** Older rows: one page, or with a filter as many as it takes to find something. */
  readonly older = coalesce(async () => {
    const before = this.shown.length;
    this.busy = true;
    this.changed();
    try {
      for (let page = 0; page < PAGES_PER_SEARCH && this.next && this.shown.length === before; page++) {
        const answer = await readDecisions(this.next, PAGE);
        this.items = [...this.items, ...answer.items];
        this.next = answer.next;
      }
      this.problem = undefined;
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.busy = false;
    this.changed();
  });
}
