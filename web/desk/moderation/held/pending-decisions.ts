import { newKey } from '../../../shared/api.js';
import type { HeldCase, HeldDecision } from '../contract.js';

/** A decision is sent after this time, so that until then it can be undone as if it had never been. */
export const UNDO_MS = 5_000;

export interface PendingDecision {
  item: HeldCase;
  decision: HeldDecision;
  /** The Idempotency-Key of the request. */
  key: string;
}

/** Keeps decisions for a few seconds before they are sent, each with its own time. */
export class PendingDecisions {
  readonly #waiting = new Map<PendingDecision, ReturnType<typeof setTimeout>>();

  constructor(private readonly send: (pending: PendingDecision) => void) {}

  get newest(): PendingDecision | undefined {
    return [...this.#waiting.keys()].at(-1);
  }

  get size(): number {
    return this.#waiting.size;
  }

  add(item: HeldCase, decision: HeldDecision): void {
    const pending = { item, decision, key: newKey() };
    this.#waiting.set(
      pending,
      setTimeout(() => this.#sendNow(pending), UNDO_MS),
    );
  }

  /** Takes the newest decision back. */
  undo(): PendingDecision | undefined {
    const { newest } = this;
    if (newest) this.#take(newest);
    return newest;
  }

  /** Sends all of them now, because the page is left. */
  flush(): void {
    for (const it of this.#waiting.keys()) this.#sendNow(it);
  }

  #sendNow(pending: PendingDecision): void {
    this.#take(pending);
    this.send(pending);
  }

  #take(pending: PendingDecision): void {
    clearTimeout(this.#waiting.get(pending));
    this.#waiting.delete(pending);
  }
}
