import { setTimeout as wait } from 'node:timers/promises';

/** A fault of the next API calls. */
export interface Fault {
  /**
   * 429 and 500 are statuses; `timeout` never answers; `hangup` closes the connection; `slow` answers after `ms`, or when
   * the faults are cleared.
   */
  kind: 429 | 500 | 'timeout' | 'hangup' | 'slow';
  /** The number of calls that it applies to. */
  times: number;
  /** `after`: the call has had its effect, and only the answer fails. */
  effect: 'before' | 'after';
  method?: string | undefined;
  /** The beginning of the path. */
  path?: string | undefined;
  ms?: number | undefined;
}

/** The faults that were ordered, first in, first out. */
export class Faults {
  private list: Fault[] = [];
  /** The number of calls of each `METHOD /path`, with those that got a fault. */
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

  /** Delays a slow call. */
  async pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.cleared.signal }).catch(() => undefined);
  }

  /** Returns the number of calls of a route. */
  calls(method: string, path: string): number {
    return this.counts.get(`${method} ${path}`) ?? 0;
  }

  /** Counts a call. @returns the fault to apply to it */
  take(method: string, path: string): Fault | undefined {
    this.counts.set(`${method} ${path}`, this.calls(method, path) + 1);
    const fault = this.list.find((it) => (!it.method || it.method === method) && path.startsWith(it.path ?? '/'));
    if (!fault) return undefined;
    fault.times -= 1;
    if (fault.times < 1) this.list.splice(this.list.indexOf(fault), 1);
    return fault;
  }
}
