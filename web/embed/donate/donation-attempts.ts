import { newKey } from '../../shared/api.js';
import type { NewDonation } from './contract.js';

interface AttemptStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

/** One gift that a reader set out to make. */
interface DonationAttempt {
  /** The Idempotency-Key of every request for it. */
  key: string;
  gift: NewDonation;
  /** The gift's id, once the server has given one. */
  id?: string;
  /** When it began, in milliseconds. */
  at: number;
}

const STORAGE_KEY = 'rostra.gift';
/** After this an intention is forgotten: the page of the checkout has closed by then, or the gift has been made. */
const ATTEMPT_MS = 30 * 60_000;

/** Which story it is given from may be learnt late, and makes no other gift of it. */
const isSame = (a: NewDonation, b: NewDonation): boolean =>
  JSON.stringify({ ...a, article: undefined }) === JSON.stringify({ ...b, article: undefined });

/**
 * The one gift this tab is about to make. A second click, a reload and a retry find it again, and with it its key, so
 * the server makes one session of them all; any other gift is another intention. A browser that forbids storage keeps
 * it in memory.
 */
export class DonationAttempts {
  #inMemory: string | null = null;

  constructor(
    private readonly store: () => AttemptStorage,
    private readonly now = Date.now,
  ) {}

  /** What this tab last set out to give, if that is not long ago. */
  latest(): DonationAttempt | undefined {
    let json = this.#inMemory;
    try {
      json ??= this.store().getItem(STORAGE_KEY);
      const attempt = JSON.parse(json ?? 'null') as Partial<DonationAttempt> | null;
      if (typeof attempt?.key !== 'string' || typeof attempt.gift?.amount !== 'number') return undefined;
      const age = this.now() - Number(attempt.at);
      return age >= 0 && age < ATTEMPT_MS ? (attempt as DonationAttempt) : undefined;
    } catch {
      return undefined;
    }
  }

  /** The intention to make this gift: the one under way, with its own wording, else a new one. */
  begin(donation: NewDonation): DonationAttempt {
    const last = this.latest();
    if (last && isSame(last.gift, donation)) return last;
    const attempt = { key: newKey(), gift: donation, at: this.now() };
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

  /** It has an answer that ends it: the next press begins anew. */
  end(): void {
    this.#inMemory = null;
    try {
      this.store().removeItem(STORAGE_KEY);
    } catch {
      // It was only in memory.
    }
  }
}
