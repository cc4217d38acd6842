import { newKey } from '../../shared/api.js';
import type { GiftRequest } from './contract.js';

interface IntentStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

/** One gift that a reader set out to make. */
interface Intent {
  /** The Idempotency-Key of every request for it. */
  key: string;
  gift: GiftRequest;
  /** The gift's id, once the server has given one. */
  id?: string;
  /** When it began, in milliseconds. */
  at: number;
}

const NAME = 'rostra.gift';
/** After this an intention is forgotten: the page of the checkout has closed by then, or the gift has been made. */
const LIFE_MS = 30 * 60_000;

/** Which story it is given from may be learnt late, and makes no other gift of it. */
const isSame = (a: GiftRequest, b: GiftRequest): boolean =>
  JSON.stringify({ ...a, article: undefined }) === JSON.stringify({ ...b, article: undefined });

/**
 * The one gift this tab is about to make. A second click, a reload and a retry find it again, and with it its key, so
 * the server makes one session of them all; any other gift is another intention. A browser that forbids storage keeps
 * it in memory.
 */
export class Intents {
  #memory: string | null = null;

  constructor(
    private readonly store: () => IntentStorage,
    private readonly now = Date.now,
  ) {}

  /** What this tab last set out to give, if that is not long ago. */
  last(): Intent | undefined {
    let json = this.#memory;
    try {
      json ??= this.store().getItem(NAME);
      const intent = JSON.parse(json ?? 'null') as Partial<Intent> | null;
      if (typeof intent?.key !== 'string' || typeof intent.gift?.amount !== 'number') return undefined;
      const age = this.now() - Number(intent.at);
      return age >= 0 && age < LIFE_MS ? (intent as Intent) : undefined;
    } catch {
      return undefined;
    }
  }

  /** The intention to make this gift: the one under way, with its own wording, else a new one. */
  begin(gift: GiftRequest): Intent {
    const last = this.last();
    if (last && isSame(last.gift, gift)) return last;
    const intent = { key: newKey(), gift, at: this.now() };
    this.keep(intent);
    return intent;
  }

  keep(intent: Intent): void {
    const json = JSON.stringify(intent);
    try {
      this.store().setItem(NAME, json);
      this.#memory = null;
    } catch {
      this.#memory = json;
    }
  }

  /** It has an answer that ends it: the next press begins anew. */
  end(): void {
    this.#memory = null;
    try {
      this.store().removeItem(NAME);
    } catch {
      // It was only in memory.
    }
  }
}
