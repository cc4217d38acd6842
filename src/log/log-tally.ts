/** The most kinds of lines between two reports. */
const MOST_KINDS = 200;
const OTHERS = 'further kinds';

const running = new Set<LogTally>();

/** Writes what all tallies have counted since their last line. Call it when the process ends. */
export function writeTallies(): void {
  for (const it of running) it.report();
}

/**
 * Writes a line at once, and then at most one a minute of its kind, with the number of what happened meanwhile: a work of
 * many parts must not write as many lines.
 */
export class LogTally {
  private readonly counts = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  /** @param write writes one line of the log */
  constructor(
    private readonly write: (line: string) => void,
    private readonly everyMs = 60_000,
  ) {}

  add(kind: string, n = 1): void {
    const known = this.counts.get(kind);
    if (known === undefined && this.counts.size >= MOST_KINDS && kind !== OTHERS) return this.add(OTHERS, n);
    this.counts.set(kind, (known ?? 0) + n);
    if (known !== undefined) return;
    this.writeCount(kind);
    this.timer ??= this.later();
  }

  private writeCount(kind: string): void {
    const n = this.counts.get(kind)!;
    this.counts.set(kind, 0);
    this.write(`${kind} (messages: ${n})`);
  }

  /** Writes what was counted, and forgets the kinds that rest. */
  report(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    running.delete(this);
    for (const [kind, n] of this.counts) {
      if (n) this.writeCount(kind);
      else this.counts.delete(kind);
    }
    if (this.counts.size) this.timer = this.later();
  }

  private later(): NodeJS.Timeout {
    running.add(this);
    return setTimeout(() => this.report(), this.everyMs).unref();
  }
}
