import { api, seg } from '../../shared/api.js';
import { asProblem, type ApiProblem } from '../../shared/problem.js';
import type { Gift } from './gift.js';

/** Seconds between looks while the payment is awaited: Stripe's word is mostly there within a few of them. */
const STEPS = [1, 1, 1, 2, 2, 3, 5, 8, 13, 21, 34];
const LONGEST = 60;

/** How long to wait after the n-th look, in seconds; never less than the server asks for. */
export const pauseAfter = (looks: number, retryAfterSeconds = 0): number =>
  Math.max(STEPS[looks - 1] ?? LONGEST, retryAfterSeconds);

export type GiftStatus = Gift['status'] | 'loading' | 'unknown' | 'unreachable';

type Later = (work: () => void, ms: number) => () => void;
const later: Later = (work, ms) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};

/** Asks what the books say of a gift, again and again until they say something that stays. */
export class GiftWatch {
  gift: Gift | undefined;
  problem: ApiProblem | undefined;
  private looks = 0;
  private stopped = false;
  private looking = false;
  private cancel = (): void => {};

  constructor(
    private readonly id: string,
    private readonly changed: () => void,
    private readonly schedule: Later = later,
  ) {}

  get standing(): GiftStatus {
    if (this.gift) return this.gift.status;
    if (!this.problem) return 'loading';
    return this.problem.status === 404 ? 'unknown' : 'unreachable';
  }

  /** Whether nothing more is to come. */
  get settled(): boolean {
    return ['paid', 'failed', 'expired', 'refunded', 'unknown'].includes(this.standing);
  }

  /** Looks now, and from then on by itself. */
  async look(): Promise<void> {
    if (this.looking || this.stopped || this.settled) return;
    this.looking = true;
    this.cancel();
    try {
      this.gift = await api.get<Gift>(`/donations/${seg(this.id)}`);
      this.problem = undefined;
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.looking = false;
    this.looks += 1;
    if (this.stopped) return;
    if (!this.settled) {
      const pause = pauseAfter(this.looks, this.problem?.retryAfterSeconds);
      this.cancel = this.schedule(() => void this.look(), pause * 1000);
    }
    this.changed();
  }

  /** Somebody is back at the page, or the network is: looks at once, and often again. */
  lookAgain(): void {
    this.looks = Math.min(this.looks, 3);
    void this.look();
  }

  stop(): void {
    this.stopped = true;
    this.cancel();
  }
}
