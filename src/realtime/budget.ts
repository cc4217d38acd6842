/** A bucket that holds `most` and fills by `perSecond`. It measures with the monotonic clock, which nobody sets. */
export class Budget {
  private left: number;
  private filledAt: number;

  constructor(
    private readonly most: number,
    private readonly perSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.left = most;
    this.filledAt = now();
  }

  get isFull(): boolean {
    this.fill();
    return this.left >= this.most;
  }

  /** Takes the cost if there is enough. @returns whether there was */
  take(cost = 1): boolean {
    this.fill();
    if (this.left < cost) return false;
    this.left -= cost;
    return true;
  }

  private fill(): void {
    const now = this.now();
    this.left = Math.min(this.most, this.left + ((now - this.filledAt) / 1_000) * this.perSecond);
    this.filledAt = now;
  }
}
