import { api } from '../../shared/api.js';
import { asProblem, type ApiProblem } from '../../shared/problem.js';
import { type Donation, proving } from './donation.js';

/** Seconds between two requests while the payment is awaited. Most payments are confirmed within the first few. */
const DELAYS = [1, 1, 1, 2, 2, 3, 5, 8, 13, 21, 34];
const MAX_DELAY = 60;

/** The seconds to wait after the n-th request; never less than the server asks for. */
export const delayAfter = (requests: number, retryAfterSeconds = 0): number =>
  Math.max(DELAYS[requests - 1] ?? MAX_DELAY, retryAfterSeconds);

export type DonationStatus = Donation['status'] | 'loading' | 'unknown' | 'unreachable';

type Schedule = (work: () => void, ms: number) => () => void;
const later: Schedule = (work, ms) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};

/** Asks for a donation's status until that is final. */
export class DonationPoll {
  donation: Donation | undefined;
  problem: ApiProblem | undefined;
  #requests = 0;
  #stopped = false;
  #running = false;
  #cancel = (): void => {};

  constructor(
    private readonly id: string,
    private readonly changed: () => void,
    private readonly schedule: Schedule = later,
    private readonly proof: string | null = null,
  ) {}

  get status(): DonationStatus {
    if (this.donation) return this.donation.status;
    if (!this.problem) return 'loading';
    return [403, 404].includes(this.problem.status) ? 'unknown' : 'unreachable';
  }

  /** True once the status is final. */
  get settled(): boolean {
    return ['paid', 'failed', 'expired', 'refunded', 'unknown'].includes(this.status);
  }

  /** Asks now, and schedules the next request. */
  async run(): Promise<void> {
    if (this.#running || this.#stopped || this.settled) return;
    this.#running = true;
    this.#cancel();
    try {
      this.donation = await api.get('/donations/{id}', { path: { id: this.id }, headers: proving(this.proof) });
      this.problem = undefined;
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.#running = false;
    this.#requests += 1;
    if (this.#stopped) return;
    if (!this.settled) {
      const delay = delayAfter(this.#requests, this.problem?.retryAfterSeconds);
      this.#cancel = this.schedule(() => void this.run(), delay * 1000);
    }
    this.changed();
  }

  /** Asks at once and then often again, because the reader or the network is back. */
  runSoon(): void {
    this.#requests = Math.min(this.#requests, 3);
    void this.run();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }
}
