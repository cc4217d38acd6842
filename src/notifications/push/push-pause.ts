/** A pause that ends in time even when the machine's clock is set back meanwhile. */
export class Pause {
  private until = 0;
  private since = 0;

  /** Begins a pause or lengthens it. It never shortens one. */
  extend(now: Date, ms: number): void {
    const left = this.left(now);
    this.since = now.getTime();
    this.until = this.since + Math.max(left, ms);
  }

  /** Begins a new pause in place of the current one. */
  begin(now: Date, ms: number): void {
    this.since = now.getTime();
    this.until = this.since + ms;
  }

  /** @returns milliseconds that remain, or 0 */
  left(now: Date): number {
    const at = now.getTime();
    // When the clock was set back, the remaining time stays as it was.
    if (at < this.since) this.begin(now, this.until - this.since);
    return Math.max(0, this.until - at);
  }
}
