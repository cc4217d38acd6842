import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import type { Checkout } from './checkout/checkout.js';
import type { SavedAnswer } from './api/idempotency.js';
import type { Delivery } from './webhooks/deliveries.js';
import type { Kind, Kinds } from './wire.js';

/** Everything the stand-in knows: plain JSON, so that one file can hold it. Times are seconds, as in Stripe's API. */
export interface State {
  /** How far its clock was moved. */
  clockOffset: number;
  objects: { [K in Kind]: Record<string, Kinds[K]> };
  /** What the hosted page needs beside the session, by the session's id. */
  checkouts: Record<string, Checkout>;
  /** Answers given under an idempotency key. */
  answers: Record<string, SavedAnswer>;
  deliveries: Delivery[];
  /** Bank debits on their way: payment intent -> when it settles by itself (null: on command only). */
  settlements: Record<string, number | null>;
  /** Decline codes for the charges to come, first in first out. */
  declines: string[];
}

const empty = (): State => ({
  clockOffset: 0,
  objects: {
    'checkout.session': {},
    customer: {},
    price: {},
    product: {},
    payment_intent: {},
    charge: {},
    payment_method: {},
    balance_transaction: {},
    refund: {},
    dispute: {},
    subscription: {},
    invoice: {},
    invoice_payment: {},
    event: {},
  },
  checkouts: {},
  answers: {},
  deliveries: [],
  settlements: {},
  declines: [],
});

/** Where the state is kept: memory, or one file that always holds a whole state. */
export class Store {
  readonly state: State;
  private writing: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  /** @throws SyntaxError when the file is not JSON: better than a silent new start */
  constructor(private readonly path: string | undefined) {
    const text = path && readIfThere(path);
    this.state = text ? { ...empty(), ...(JSON.parse(text) as State) } : empty();
  }

  /** Resolves when the state as it is now is in the file. Calls that come while one is being written share the next. */
  saved(): Promise<void> {
    if (!this.path) return Promise.resolve();
    this.next ??= (async (path, before) => {
      await before?.catch(() => undefined);
      this.next = undefined;
      const writing = write(path, JSON.stringify(this.state));
      this.writing = writing;
      await writing;
    })(this.path, this.writing);
    return this.next;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function write(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { flush: true, mode: 0o600 });
  await rename(`${path}.new`, path);
}
