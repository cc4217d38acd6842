import { setTimeout as wait } from 'node:timers/promises';

/** What goes wrong with API calls to come. */
export interface Fault {
  /**
   * 429 and 500 answer so; `timeout` never answers; `hangup` closes the connection; `slow` answers after `ms`,
   * or when the faults are cleared.
   */
  kind: 429 | 500 | 'timeout' | 'hangup' | 'slow';
  /** How many calls it hits. */
  times: number;
  /** `after`: what was asked for was done, only the answer goes wrong. */
  effect: 'before' | 'after';
  method?: string | undefined;
  /** The path's beginning. */
  path?: string | undefined;
  ms?: number | undefined;
}

/** The faults that were ordered, first in first out. */
export class Faults {
  private list: Fault[] = [];
  /** How often each `METHOD /path` was called, faults included. */
  private readonly counts = new Map<string, number>();
  private cleared = new AbortController();

  add(fault: Fault): void {
    this.list.push(fault);
  }

  clear(): void {
    this.list = [];
    this.cleared.abort();
    this.cleared = new AbortController();
  }

  /** Lets a slow call wait. */
  async pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.cleared.signal }).catch(() => undefined);
  }

  /** How often this very route was called. */
  calls(method: string, path: string): number {
    return this.counts.get(`${method} ${path}`) ?? 0;
  }

  /** Counts a call. @returns what is to go wrong with it */
  take(method: string, path: string): Fault | undefined {
    this.counts.set(`${method} ${path}`, this.calls(method, path) + 1);
    const fault = this.list.find((it) => (!it.method || it.method === method) && path.startsWith(it.path ?? '/'));
    if (!fault) return undefined;
    fault.times -= 1;
    if (fault.times < 1) this.list.splice(this.list.indexOf(fault), 1);
    return fault;
  }
}
