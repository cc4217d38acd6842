import { api } from '../../shared/api.js';
import { ApiProblem, asProblem } from '../../shared/problem.js';
import type { GiftRequest } from './contract.js';
import type { Intents } from './intent.js';

/** Where the appeal stands, as its element says. */
export interface Place {
  article?: string | undefined;
  /** The publisher's guess; the reader's own choice goes before it. */
  country?: string | undefined;
  /** Has Rostra find the story by its page's address, where it does not know the key. */
  findArticle?(): Promise<string>;
  /** The page to come back to. */
  returnUrl(): string;
}

/** A first request that is still under way (a reload in its middle) is waited for so often, a second each. */
const PATIENCE = 8;
const UNDER_WAY = 'idempotency.in_progress';
/** Stripe is asked while we wait: longer than a read. */
const CREATE_TIMEOUT_MS = 40_000;

/** The checkouts of this tab's gifts: one for one gift, however often it is asked for. */
export class Checkout {
  constructor(
    private readonly place: Place,
    private readonly intents: Intents,
    private readonly wait: (seconds: number) => Promise<unknown>,
  ) {}

  /** The address of the gift's checkout: the one that was made before, if it may still be used. */
  async of(gift: GiftRequest): Promise<string> {
    let intent = this.intents.begin(gift);
    if (intent.id && !(await this.#awaitsPayment(intent.id))) {
      this.intents.end();
      intent = this.intents.begin(gift);
    }
    for (let tries = 0; ; tries += 1) {
      try {
        const { id, checkoutUrl } = await api.post('/donations', {
          body: intent.gift,
          idempotencyKey: intent.key,
          timeoutMs: CREATE_TIMEOUT_MS,
        });
        if (!/^https?:\/\//.test(checkoutUrl)) throw new ApiProblem(0, { code: 'client.failed' });
        this.intents.keep({ ...intent, id });
        return checkoutUrl;
      } catch (error) {
        const { status, code, retryAfterSeconds } = asProblem(error);
        if (code === UNDER_WAY && tries < PATIENCE) {
          await this.wait(retryAfterSeconds ?? 1);
          continue;
        }
        // The key stays only where the gift may have been taken all the same, or is still on its way.
        if (status >= 400 && status < 500 && retryAfterSeconds === undefined && code !== UNDER_WAY) this.intents.end();
        if (code === 'article.not_found' && intent.gift.article) return this.of(await this.#elsewhere(intent.gift));
        throw error;
      }
    }
  }

  /** The same gift from a story that Rostra knows; a story that it cannot find keeps nobody from giving. */
  async #elsewhere({ article: unknown, ...gift }: GiftRequest): Promise<GiftRequest> {
    const { place } = this;
    const found = await place.findArticle?.().catch(() => undefined);
    place.article = found === unknown ? undefined : found;
    return place.article ? { ...gift, article: place.article } : gift;
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
