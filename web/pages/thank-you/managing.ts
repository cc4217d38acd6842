import { api, seg } from '../../shared/api.js';
import { ApiProblem, asProblem } from '../../shared/problem.js';

/** Goes to Stripe's own page for a gift that repeats. `changed` is called whenever there is something new to draw. */
export class Managing {
  busy = false;
  problem: ApiProblem | undefined;

  constructor(
    private readonly changed: () => void,
    private readonly leave: (url: string) => void = (url) => location.assign(url),
  ) {}

  /** One press, whatever is pressed until the browser has left; the page is usable again where it cannot leave. */
  async open(gift: string): Promise<void> {
    if (this.busy) return;
    this.set(true);
    try {
      const { url } = await api.post<{ url: string }>(`/donations/${seg(gift)}/portal`, undefined, {
        timeoutMs: 40_000,
      });
      if (!/^https?:\/\//.test(url)) throw new ApiProblem(0, { code: 'client.failed' });
      this.leave(url);
    } catch (error) {
      this.set(false, asProblem(error));
    }
  }

  private set(busy: boolean, problem?: ApiProblem): void {
    this.busy = busy;
    this.problem = problem;
    this.changed();
  }
}
