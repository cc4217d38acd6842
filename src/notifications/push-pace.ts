const FIRST_PAUSE = 15;
const LONGEST_PAUSE = 600;
/** A service that asks for more is asked again after a day. */
const LONGEST_ASKED = 86_400;

/** How fast one origin may be sent to: it pauses when asked, and for the others nothing changes. */
export class PushPace {
  private until = 0;
  private inARow = 0;

  /** @returns whole seconds until the next message may go, 0 for now */
  secondsLeft(now: Date): number {
    return Math.max(0, Math.ceil((this.until - now.getTime()) / 1_000));
  }

  /**
   * The origin said that it was too much.
   * @param asked seconds, of its Retry-After; without it the pause doubles each time
   * @returns seconds to wait
   */
  throttled(now: Date, asked: number | undefined): number {
    // Answers to what was under way when the pause began say nothing new about its length.
    if (asked === undefined && this.until > now.getTime()) return this.secondsLeft(now);
    const seconds = asked ?? Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.inARow);
    if (asked === undefined) this.inARow += 1;
    this.until = Math.max(this.until, now.getTime() + Math.min(seconds, LONGEST_ASKED) * 1_000);
    return Math.max(1, this.secondsLeft(now));
  }

  accepted(): void {
    this.inARow = 0;
  }
}

/** Exponential with full jitter, so that what failed together does not return together. @returns seconds */
export const backoff = (attempt: number): number =>
  1 + Math.floor(Math.random() * Math.min(LONGEST_PAUSE, 4 * 2 ** attempt));

/** @returns the seconds of a Retry-After header in either form (RFC 9110 10.2.3); undefined where there is none */
export function retryAfter(header: string | string[] | undefined, now: Date): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim();
  if (!text) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  if (!/^[A-Z][a-z]{2}/.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now.getTime()) / 1_000));
}
