import { newKey } from '../../shared/api.js';
import type { NewDonation } from './contract.js';

interface AttemptStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

/** A donation that the reader started. */
interface DonationAttempt {
  /** The Idempotency-Key of every request for this donation. */
  key: string;
  /** The request. The stored name stays, so that an attempt from before an update is found again. */
  gift: NewDonation;
  /** The donation's id, once the server has returned one. */
  id?: string;
  /** The start in milliseconds since the epoch. */
  at: number;
}

const STORAGE_KEY = 'rostra.gift';
/** After this an attempt is forgotten: by then the checkout page is closed or the donation is made. */
const ATTEMPT_MS = 30 * 60_000;
/** Stripe keeps a payment page open for a day. */
const PAGE_MS = 24 * 60 * 60_000;

/** Compares all but the story, which may become known late, and what is replaced. Neither makes another donation. */
const isSame = (a: NewDonation, b: NewDonation): boolean => {
  const [one, other] = [a, b].map((it) => JSON.stringify({ ...it, article: undefined, replaces: undefined }));
  return one === other;
};

/**
 * Stores the one donation that this tab is about to make. A second click, a reload and a retry find it and its key
 * again, so the server makes one session of them all; any other donation is another attempt. When the browser forbids
 * storage, it stays in memory.
 */
export class DonationAttempts {
  #inMemory: string | null = null;

  constructor(
    private readonly store: () => AttemptStorage,
    private readonly now = Date.now,
  ) {}

  /** Returns the latest attempt of this tab, unless it is too old. */
  latest(maxAge = ATTEMPT_MS): DonationAttempt | undefined {
    let json = this.#inMemory;
    try {
      json ??= this.store().getItem(STORAGE_KEY);
      const attempt = JSON.parse(json ?? 'null') as Partial<DonationAttempt> | null;
      if (typeof attempt?.key !== 'string' || typeof attempt.gift?.amount !== 'number') return undefined;
      const age = this.now() - Number(attempt.at);
      return age >= 0 && age < maxAge ? (attempt as DonationAttempt) : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Returns the attempt for this donation: the one in progress as it was first sent, else a new one, which closes the
   * payment page of the one before.
   * @param replaces the donation that was given up before
   */
  begin(donation: NewDonation, replaces = this.latest(PAGE_MS)?.id): DonationAttempt {
    const last = this.latest();
    if (last && isSame(last.gift, donation)) return last;
    const attempt = { key: newKey(), gift: replaces ? { ...donation, replaces } : donation, at: this.now() };
    this.keep(attempt);
    return attempt;
  }

  keep(attempt: DonationAttempt): void {
    const json = JSON.stringify(attempt);
    try {
      this.store().setItem(STORAGE_KEY, json);
      this.#inMemory = null;
    } catch {
      this.#inMemory = json;
    }
  }

  /** Ends the attempt after a final answer, so that the next press starts a new one. */
  end(): void {
    this.#inMemory = null;
    try {
      this.store().removeItem(STORAGE_KEY);
    } catch {
      // The attempt was only in memory.
    }
  }
}
