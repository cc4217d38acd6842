import { StateFile } from '../../shared/state-file.js';
import type { Checkout } from './checkout-details.js';
import type { Kind, Kinds } from './wire.js';

/** The response to an API call that carried an idempotency key. */
export interface SavedAnswer {
  status: number;
  body: string;
  requestId: string;
  path: string;
  fingerprint: string;
  at: number;
}

/** One event on its way to the webhook endpoint. Times are milliseconds of the machine's clock. */
export interface Delivery {
  event: string;
  attempts: number;
  due: number;
  since: number;
  /** The status of the last response, or the reason why there was none. */
  last: number | string | null;
}

/** The whole state of the stand-in, as plain JSON for one file. Times are seconds, as in Stripe's API. */
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
