/** The number of latest answers of an origin that are remembered. */
const WINDOW = 200;
/** The number of different subscriptions whose failures together say something about their origin. */
export const SEVERAL = 3;
/** The share of the answers that must have failed. Some throttled devices are among every hundred thousand. */
const LARGE_SHARE = 0.2;

interface NotedAnswer {
  at: number;
  /** The subscription of a failure; undefined for a success. */
  device: string | undefined;
}

/**
 * Tells whether failures are the origin's or only those of a few subscriptions. One subscription that fails ever so
 * often says nothing about the others.
 */
export class PushConsensus {
  private readonly latest: NotedAnswer[] = [];
  private next = 0;

  /**
   * @param withinMs how long an answer counts
   * @param several the number of different subscriptions that must have failed
   */
  constructor(
    private readonly withinMs: number,
    private readonly several: number = SEVERAL,
  ) {}

  succeeded(now: Date): void {
    this.note({ at: now.getTime(), device: undefined });
  }

  /** Notes a failure. @returns whether the origin as a whole fails */
  failed(device: string, now: Date): boolean {
    const at = now.getTime();
    this.note({ at, device });
    const recent = this.latest.filter((it) => Math.abs(at - it.at) <= this.withinMs);
    const failures = recent.filter((it) => it.device !== undefined);
    const devices = new Set(failures.map((it) => it.device));
    return devices.size >= this.several && failures.length > LARGE_SHARE * recent.length;
  }

  clear(): void {
    this.latest.length = 0;
    this.next = 0;
  }

  private note(answer: NotedAnswer): void {
    this.latest[this.next] = answer;
    this.next = (this.next + 1) % WINDOW;
  }
}
