import { Pause } from './push-pause.js';

/** So many of the latest answers count. */
const WINDOW = 200;
const LARGE_SHARE = 0.2;
const FEWEST = 5;
const PAUSE_MS = 5 * 60_000;
/** For how long a single message tries out whether it is over. */
const TRIAL_MS = 30_000;

/**
 * When one signature is refused, that subscription was made with another key. When a large share is, our own key, clock
 * or VAPID_SUBJECT is wrong: then the origin is left alone, before its subscriptions are marked one after the other.
 */
export class PushCircuit {
  private readonly refusals: boolean[] = [];
  private next = 0;
  private refused = 0;
  private state: 'closed' | 'open' | 'trial' = 'closed';
  private readonly rest = new Pause();

  /** @returns whole seconds until the next message may go, 0 for now: after the pause one goes to try it out */
  secondsLeft(now: Date): number {
    if (this.state === 'closed') return 0;
    const left = this.rest.left(now);
    if (left > 0) return Math.ceil(left / 1_000);
    this.state = 'trial';
    this.rest.begin(now, TRIAL_MS);
    return 0;
  }

  get isOpen(): boolean {
    return this.state !== 'closed';
  }

  /** The origin took our signature. */
  accepted(): void {
    // An answer to what was under way when it opened does not close it again.
    if (this.state === 'trial') this.close();
    this.note(false);
  }

  /**
   * The origin refused our signature.
   * @param isNews false where this message was refused before: it counts no second time
   * @returns seconds of the pause, where it is now open
   */
  refusedSignature(now: Date, isNews: boolean): number {
    if (isNews) this.note(true);
    const many = isNews && this.refused >= FEWEST && this.refused > LARGE_SHARE * this.refusals.length;
    if (this.state === 'closed' && !many) return 0;
    this.state = 'open';
    this.rest.begin(now, PAUSE_MS);
    return PAUSE_MS / 1_000;
  }

  private note(refused: boolean): void {
    if (this.refusals[this.next]) this.refused -= 1;
    this.refusals[this.next] = refused;
    if (refused) this.refused += 1;
    this.next = (this.next + 1) % WINDOW;
  }

  private close(): void {
    this.refusals.length = 0;
    this.next = 0;
    this.refused = 0;
    this.state = 'closed';
  }
}
