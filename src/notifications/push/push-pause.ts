/** A time for which something is left alone. It ends in time also when the machine's clock is put back meanwhile. */
export class Pause {
  private until = 0;
  private since = 0;

  /** Begins, or goes on for longer; never shortens. */
  extend(now: Date, ms: number): void {
    const left = this.left(now);
    this.since = now.getTime();
    this.until = this.since + Math.max(left, ms);
  }

  /** Begins anew, whatever was left. */
  begin(now: Date, ms: number): void {
    this.since = now.getTime();
    this.until = this.since + ms;
  }

  /** @returns milliseconds, 0 when it is over */
  left(now: Date): number {
    const at = now.getTime();
    // The clock went back: what was left then is left now.
    if (at < this.since) this.begin(now, this.until - this.since);
    return Math.max(0, this.until - at);
  }
}
