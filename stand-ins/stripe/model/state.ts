import { StateFile } from '../../shared/state-file.js';
import type { CheckoutDetails } from './checkout-details.js';
import type { Kind, Kinds } from './wire.js';

/** The response to an API call that carried an idempotency key. */
export interface SavedResponse {
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
  /** Seconds by which its clock was moved forward. */
  clockOffset: number;
  objects: { [K in Kind]: Record<string, Kinds[K]> };
  /** The details of each session that the session object does not hold, by the session's id. */
  checkouts: Record<string, CheckoutDetails>;
  /** The responses to calls with an idempotency key. */
  answers: Record<string, SavedResponse>;
  deliveries: Delivery[];
  /** Running bank debits: payment intent -> time at which it settles by itself (null: only on command). */
  settlements: Record<string, number | null>;
  /** Decline codes for the next charges, first in, first out. */
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

/** Keeps the state in memory, or also in one file. */
export class StripeState {
  readonly state: State;
  private readonly file: StateFile<State>;

  /** @throws Error for a file that holds no state, instead of replacing it */
  constructor(path: string | undefined) {
    this.file = new StateFile(path, () => this.state);
    const [fresh, kept] = [empty(), this.file.read()];
    this.state = { ...fresh, ...kept, objects: { ...fresh.objects, ...kept?.objects } };
  }

  /** Resolves when the current state is in the file. */
  saved(): Promise<void> {
    return this.file.save();
  }

  /** Resolves when no write is running. */
  settled(): Promise<void> {
    return this.file.settled();
  }
}
