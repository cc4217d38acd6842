import { forgetChoice, keepChoice, readChoice } from '../../shared/push/kept-choice.js';

/** What this browser remembers on the publisher's origin. */
export interface StoredAlerts {
  /** The subscription's unguessable id at Rostra; absent while alerts are off. */
  id?: string | undefined;
  topics: string[];
  /** Of the browser's subscription as last told to Rostra: a hash of its address, and the account it was told for. */
  print?: string | undefined;
  account?: string | null | undefined;
  toldAt?: number | undefined;
  /** Subscriptions that Rostra has yet to delete. */
  ended?: string[] | undefined;
  /** The browser took its permission back while alerts were on, and the reader has not seen it yet. */
  revoked?: boolean | undefined;
  /** How often, and when last, the reader said "Not now". */
  dismissals?: number | undefined;
  dismissedAt?: number | undefined;
}

interface BrowserStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEY = 'rostra.alerts';
const DAY_MS = 86_400_000;
/** After each "Not now" the question stays away longer; from the third on, a quarter of a year. */
const DISMISSED_DAYS = [7, 30, 90];

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((it): it is string => typeof it === 'string') : [];

/** localStorage, for what is drawn at once; its id and topics are copied to where the worker reads them. */
export class AlertStorage {
  #inMemory: string | undefined;

  constructor(private readonly store: () => BrowserStorage) {}

  read(): StoredAlerts {
    try {
      const found: unknown = JSON.parse(this.#inMemory ?? this.store().getItem(KEY) ?? '{}');
      const it = (found && typeof found === 'object' ? found : {}) as Record<string, unknown>;
      const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
      const string = (value: unknown) => (typeof value === 'string' ? value : undefined);
      return {
        id: string(it.id),
        topics: strings(it.topics),
        print: string(it.print),
        account: it.account === null ? null : string(it.account),
        toldAt: number(it.toldAt),
        ended: strings(it.ended),
        revoked: it.revoked === true,
        dismissals: number(it.dismissals),
        dismissedAt: number(it.dismissedAt),
      };
    } catch {
      return { topics: [] };
    }
  }

  write(change: Partial<StoredAlerts>): void {
    const json = JSON.stringify({ ...this.read(), ...change });
    try {
      this.store().setItem(KEY, json);
      this.#inMemory = undefined;
    } catch {
      this.#inMemory = json; // storage is forbidden: it lasts as long as the page
    }
    if (!('id' in change || 'topics' in change)) return;
    const { id, topics } = this.read();
    void (id ? keepChoice({ id, topics }) : forgetChoice()).catch(() => undefined);
  }

  /**
   * Takes over what the worker did meanwhile: it may have renewed the subscription under another id. What was switched
   * off here stays off, even where the worker's copy outlived it.
   */
  async syncFromWorker(): Promise<void> {
    const kept = await readChoice().catch(() => undefined);
    const { id } = this.read();
    if (kept && kept.id !== id && (id || this.#isEmpty())) this.write({ ...kept, print: undefined });
  }

  #isEmpty(): boolean {
    try {
      return this.store().getItem(KEY) === null;
    } catch {
      return this.#inMemory === undefined;
    }
  }

  dismiss(now = Date.now()): void {
    this.write({ dismissals: (this.read().dismissals ?? 0) + 1, dismissedAt: now, revoked: false });
  }

  /** The reader said "Not now" lately. */
  isDismissed(now = Date.now()): boolean {
    const { dismissals = 0, dismissedAt = 0 } = this.read();
    const days = DISMISSED_DAYS[Math.min(dismissals, DISMISSED_DAYS.length) - 1];
    return days !== undefined && now - dismissedAt < days * DAY_MS;
  }

  /** Another tab wrote. */
  static isOurs(event: StorageEvent): boolean {
    return event.key === KEY || event.key === null;
  }
}
