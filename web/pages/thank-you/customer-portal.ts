import { api } from '../../shared/api.js';
import { proving } from './donation.js';
import { ApiProblem, asProblem } from '../../shared/problem.js';

/** Leads to Stripe's customer portal of a repeating donation. It calls `changed` when it is to be drawn anew. */
export class CustomerPortal {
  busy = false;
  problem: ApiProblem | undefined;

  constructor(
    private readonly changed: () => void,
    private readonly proof: string | null = null,
  ) {}

  /** Opens the portal. Until the browser has left, further calls do nothing; after a failure it can be called again. */
  async open(donationId: string): Promise<void> {
    if (this.busy) return;
    this.#set(true);
    try {
      const { url } = await api.post('/donations/{id}/portal', {
        path: { id: donationId },
        headers: proving(this.proof),
      });
      if (!/^https?:\/\//.test(url)) throw new ApiProblem(0, { code: 'client.failed' });
      location.assign(url);
    } catch (error) {
      this.#set(false, asProblem(error));
    }
  }

  #set(busy: boolean, problem?: ApiProblem): void {
    this.busy = busy;
    this.problem = problem;
    this.changed();
  }
}
