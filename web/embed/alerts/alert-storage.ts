import { forgetChoice, keepChoice, readChoice } from '../../shared/push/kept-choice.js';

/** The state of alerts that this browser stores on the publisher's origin. */
export interface StoredAlerts {
  /** The unguessable id of the subscription at Rostra; absent while alerts are off. */
  id?: string | undefined;
  topics: string[];
  /** The hash of the subscription's address, as last sent to Rostra, and the account it was sent for. */
  print?: string | undefined;
  account?: string | null | undefined;
  toldAt?: number | undefined;
  /** The ids of subscriptions that are still to be deleted at Rostra. */
  ended?: string[] | undefined;
  /** True when the browser took its permission back while alerts were on, until the reader has seen that. */
  revoked?: boolean | undefined;
  /** The number of times the reader said "Not now", and the last time. */
  dismissals?: number | undefined;
  dismissedAt?: number | undefined;
}

interface BrowserStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEY = 'rostra.alerts';
const DAY_MS = 86_400_000;
/** Each "Not now" hides the question for longer; from the third on, for a quarter of a year. */
const DISMISSED_DAYS = [7, 30, 90];

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((it): it is string => typeof it === 'string') : [];

/**
 * Keeps the state in localStorage, which can be read before the first drawing. The id, the topics and
 * the fingerprint are copied to where the service worker reads them.
 */
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
      this.#inMemory = json; // When storage is forbidden, the state lasts as long as the page.
    }
    if (!('id' in change || 'topics' in change)) return;
    const { id, topics, print } = this.read();
    void (id ? keepChoice({ id, topics, print }) : forgetChoice()).catch(() => undefined);
  }

  /**
   * Takes over what the service worker did meanwhile: it may have renewed the subscription under another id. Alerts
   * that were switched off here stay off, even when the worker's copy still exists.
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

  /** Says whether the reader said "Not now" recently. */
  isDismissed(now = Date.now()): boolean {
    const { dismissals = 0, dismissedAt = 0 } = this.read();
    const days = DISMISSED_DAYS[Math.min(dismissals, DISMISSED_DAYS.length) - 1];
    return days !== undefined && now - dismissedAt < days * DAY_MS;
  }

  /** Says whether a storage event comes from another tab that changed this state. */
  static isOurs(event: StorageEvent): boolean {
    return event.key === KEY || event.key === null;
  }
}
