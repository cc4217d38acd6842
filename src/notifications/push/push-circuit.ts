import { PushConsensus } from './push-consensus.js';
import { Pause } from './push-pause.js';

/** The number of different subscriptions whose signatures must be refused. */
const FEWEST = 5;
const PAUSE_MS = 5 * 60_000;
/** How long a single trial message may take. */
const TRIAL_MS = 30_000;

/**
 * A circuit breaker for refused signatures. One refusal means that its subscription has another key. Many mean that our
 * key, clock or VAPID_SUBJECT is wrong, so sending to the origin stops before all its subscriptions are marked.
 */
export class PushCircuit {
  private readonly consensus = new PushConsensus(Infinity, FEWEST);
  private state: 'closed' | 'open' | 'trial' = 'closed';
  private readonly rest = new Pause();

  /**
   * @returns whole seconds until the next message may be sent, or 0. After the pause one message is sent as a trial.
   */
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

  /** Notes that the origin accepted our signature. */
  accepted(now: Date): void {
    // Answers to messages that were sent before the circuit opened do not close it.
    if (this.state === 'trial') this.close();
    this.consensus.succeeded(now);
  }

  /**
   * Notes that the origin refused our signature.
   * @param device the subscription of the message, because one counts only once
   * @param isNews false when this message was refused before
   * @returns seconds of the pause when the circuit is open now, else 0
   */
  refusedSignature(now: Date, device: string, isNews: boolean): number {
    const many = isNews && this.consensus.failed(device, now);
    if (this.state === 'closed' && !many) return 0;
    this.state = 'open';
    this.rest.begin(now, PAUSE_MS);
    return PAUSE_MS / 1_000;
  }

  private close(): void {
    this.consensus.clear();
    this.state = 'closed';
  }
}
