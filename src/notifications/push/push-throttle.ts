import { Pause } from './push-pause.js';

const FIRST_PAUSE = 15;
const LONGEST_PAUSE = 600;
/** The longest Retry-After that is respected. */
const LONGEST_ASKED = 86_400;

/**
 * A pause that was asked for. It belongs to one subscription or to a whole origin.
 */
export class PushThrottle {
  private readonly rest = new Pause();
  private inARow = 0;

  /** @returns whole seconds until the next message may be sent, or 0 */
  secondsLeft(now: Date): number {
    return Math.ceil(this.rest.left(now) / 1_000);
  }

  /**
   * Notes that a pause was asked for.
   * @param asked seconds of the Retry-After; without it the pause doubles each time
   * @returns seconds to wait
   */
  throttled(now: Date, asked: number | undefined): number {
    // Answers to messages sent before the pause do not lengthen it.
    if (asked === undefined && this.rest.left(now)) return this.secondsLeft(now);
    const seconds = asked ?? Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.inARow);
    if (asked === undefined) this.inARow += 1;
    this.rest.extend(now, Math.min(seconds, LONGEST_ASKED) * 1_000);
    return Math.max(1, this.secondsLeft(now));
  }

  accepted(): void {
    this.inARow = 0;
  }
}

/**
 * Exponential backoff with full jitter, so that messages that failed together are not repeated together.
 * @returns seconds
 */
export const backoff = (attempt: number): number =>
  1 + Math.floor(Math.random() * Math.min(LONGEST_PAUSE, 4 * 2 ** attempt));

/** @returns the seconds of a Retry-After header in either form (RFC 9110 10.2.3), or undefined */
export function retryAfter(header: string | string[] | undefined, now: Date): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim();
  if (!text) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  if (!/^[A-Z][a-z]{2}/.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now.getTime()) / 1_000));
}
