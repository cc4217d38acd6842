import { api } from '../../shared/api.js';
import { ApiProblem, asProblem } from '../../shared/problem.js';
import type { NewDonation } from './contract.js';
import type { DonationAttempts } from './donation-attempts.js';

/** The context of the appeal, from its element and the page. */
export interface DonationContext {
  article?: string | undefined;
  /** The publisher's guess of the country; the reader's own choice overrides it. */
  country?: string | undefined;
  /** Lets Rostra find the story by the address of its page when it does not know the key. */
  findArticle?(): Promise<string | undefined>;
  /** Returns the address of the page to which the checkout leads back. */
  returnUrl(): string;
}

/** A first request that is still in progress, as after a reload, is repeated this often, a second apart. */
const MAX_RETRIES = 8;
const IN_PROGRESS = 'idempotency.in_progress';
/** While Stripe is slow the server answers after nine seconds and goes on; a repeat gets its late result. */
const STRIPE_SLOW = 'stripe.slow';
const MAX_STRIPE_RETRIES = 3;
/** The server calls Stripe meanwhile, which takes longer than a read. */
const CREATE_TIMEOUT_MS = 20_000;

/** Opens the checkout sessions of this tab's donations: one session per donation, however often it is asked for. */
export class CheckoutSessions {
  constructor(
    private readonly context: DonationContext,
    private readonly attempts: DonationAttempts,
    private readonly wait: (seconds: number) => Promise<unknown>,
    private readonly slow: () => void = () => {},
  ) {}

  /** Returns the address of the donation's checkout: that of the earlier session while it can still be used. */
  async urlFor(donation: NewDonation): Promise<string> {
    let attempt = this.attempts.begin(donation);
    if (attempt.id && !(await this.#awaitsPayment(attempt.id))) {
      this.attempts.end();
      attempt = this.attempts.begin(donation, attempt.id);
    }
    for (let tries = 0; ; tries += 1) {
      try {
        const { id, checkoutUrl } = await api.post('/donations', {
          body: attempt.gift,
          idempotencyKey: attempt.key,
          timeoutMs: CREATE_TIMEOUT_MS,
        });
        if (!/^https?:\/\//.test(checkoutUrl)) throw new ApiProblem(0, { code: 'client.failed' });
        this.attempts.keep({ ...attempt, id });
        return checkoutUrl;
      } catch (error) {
        const { status, code, retryAfterSeconds } = asProblem(error);
        if (tries < (code === IN_PROGRESS ? MAX_RETRIES : code === STRIPE_SLOW ? MAX_STRIPE_RETRIES : 0)) {
          this.slow();
          await this.wait(retryAfterSeconds ?? 1);
          continue;
        }
        // The key is kept only when the donation may have been accepted, or is still in progress.
        if (status >= 400 && status < 500 && retryAfterSeconds === undefined && code !== IN_PROGRESS)
          this.attempts.end();
        if (code === 'article.not_found' && attempt.gift.article)
          return this.urlFor(await this.#withFoundArticle(attempt.gift));
        throw error;
      }
    }
  }

  /** Returns the donation with the story that Rostra finds, or with none: an unknown story prevents no donation. */
  async #withFoundArticle({ article: unknown, ...donation }: NewDonation): Promise<NewDonation> {
    const { context } = this;
    const found = await context.findArticle?.().catch(() => undefined);
    context.article = found === unknown ? undefined : found;
    return context.article ? { ...donation, article: context.article } : donation;
  }

  /**
   * Says whether this browser's donation awaits payment. Without an answer it says yes, because the key prevents a
   * second one.
   */
  async #awaitsPayment(id: string): Promise<boolean> {
    try {
      return (await api.get('/donations/{id}', { path: { id } })).status === 'pending';
    } catch (error) {
      return asProblem(error).status !== 404;
    }
  }
}
