import type { Checkout } from './checkout/checkout.js';
import type { SavedAnswer } from './api/idempotency.js';
import { StateFile } from '../state-file.js';
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
    'billing_portal.session': {},
    event: {},
  },
  checkouts: {},
  answers: {},
  deliveries: [],
  settlements: {},
  declines: [],
});

/** Where the state is kept: memory, or one file. */
export class StripeState {
  readonly state: State;
  private readonly file: StateFile<State>;

  /** @throws Error when the file is not ours: better than a silent new start */
  constructor(path: string | undefined) {
    this.file = new StateFile(path, () => this.state);
    const [fresh, kept] = [empty(), this.file.read()];
    this.state = { ...fresh, ...kept, objects: { ...fresh.objects, ...kept?.objects } };
  }

  /** Resolves when the state as it is now is in the file. */
  saved(): Promise<void> {
    return this.file.save();
  }

  /** Resolves when nothing is being written any more. */
  settled(): Promise<void> {
    return this.file.settled();
  }
}
