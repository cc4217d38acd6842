import { api } from '../../shared/api.js';
import { ApiProblem, asProblem } from '../../shared/problem.js';
import type { NewDonation } from './contract.js';
import type { DonationAttempts } from './donation-attempts.js';

/** Where the appeal stands, as its element says. */
export interface DonationContext {
  article?: string | undefined;
  /** The publisher's guess; the reader's own choice goes before it. */
  country?: string | undefined;
  /** Has Rostra find the story by its page's address, where it does not know the key. */
  findArticle?(): Promise<string>;
  /** The page to come back to. */
  returnUrl(): string;
}

/** A first request that is still under way (a reload in its middle) is waited for so often, a second each. */
const MAX_RETRIES = 8;
const IN_PROGRESS = 'idempotency.in_progress';
/** Stripe is asked while we wait: longer than a read. */
const CREATE_TIMEOUT_MS = 40_000;

/** The checkouts of this tab's gifts: one for one gift, however often it is asked for. */
export class CheckoutSessions {
  constructor(
    private readonly context: DonationContext,
    private readonly attempts: DonationAttempts,
    private readonly wait: (seconds: number) => Promise<unknown>,
  ) {}

  /** The address of the gift's checkout: the one that was made before, if it may still be used. */
  async urlFor(donation: NewDonation): Promise<string> {
    let attempt = this.attempts.begin(donation);
    if (attempt.id && !(await this.#awaitsPayment(attempt.id))) {
      this.attempts.end();
      attempt = this.attempts.begin(donation);
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
        if (code === IN_PROGRESS && tries < MAX_RETRIES) {
          await this.wait(retryAfterSeconds ?? 1);
          continue;
        }
        // The key stays only where the gift may have been taken all the same, or is still on its way.
        if (status >= 400 && status < 500 && retryAfterSeconds === undefined && code !== IN_PROGRESS)
          this.attempts.end();
        if (code === 'article.not_found' && attempt.gift.article)
          return this.urlFor(await this.#withFoundArticle(attempt.gift));
        throw error;
      }
    }
  }

  /** The same gift from a story that Rostra knows; a story that it cannot find keeps nobody from giving. */
  async #withFoundArticle({ article: unknown, ...donation }: NewDonation): Promise<NewDonation> {
    const { context } = this;
    const found = await context.findArticle?.().catch(() => undefined);
    context.article = found === unknown ? undefined : found;
    return context.article ? { ...donation, article: context.article } : donation;
  }

  /** Is a gift of this browser's not paid yet, nor over? Where nobody answers its key still guards it. */
  async #awaitsPayment(id: string): Promise<boolean> {
    try {
      return (await api.get('/donations/{id}', { path: { id } })).status === 'pending';
    } catch (error) {
      return asProblem(error).status !== 404;
    }
  }
}
