import { Pause } from './push-pause.js';

const FIRST_PAUSE = 15;
const LONGEST_PAUSE = 600;
/** A service that asks for more is asked again after a day. */
const LONGEST_ASKED = 86_400;
/** So many messages in a row without an answer to any, and the whole origin is taken to be away. */
const AWAY = 20;

/** How fast one origin may be sent to: it pauses when asked, and for the others nothing changes. */
export class PushThrottle {
  private readonly rest = new Pause();
  private inARow = 0;
  private unanswered = 0;

  /** @returns whole seconds until the next message may go, 0 for now */
  secondsLeft(now: Date): number {
    return Math.ceil(this.rest.left(now) / 1_000);
  }

  /**
   * The origin said that it was too much.
   * @param asked seconds, of its Retry-After; without it the pause doubles each time
   * @returns seconds to wait
   */
  throttled(now: Date, asked: number | undefined): number {
    // Answers to what was under way when the pause began say nothing new about its length.
    if (asked === undefined && this.rest.left(now)) return this.secondsLeft(now);
    const seconds = asked ?? Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.inARow);
    if (asked === undefined) this.inARow += 1;
    this.rest.extend(now, Math.min(seconds, LONGEST_ASKED) * 1_000);
    return Math.max(1, this.secondsLeft(now));
  }

  accepted(): void {
    this.inARow = 0;
  }

  /**
   * A message had no answer, or one that says the service is out of order. Many such in a row are not asked for one by
   * one: each would hold a place for ten seconds that messages to other origins wait for.
   * @returns seconds for which the whole origin rests now; undefined where that message alone failed
   */
  failed(now: Date): number | undefined {
    this.unanswered += 1;
    return this.unanswered < AWAY ? undefined : this.throttled(now, undefined);
  }

  answered(): void {
    this.unanswered = 0;
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
