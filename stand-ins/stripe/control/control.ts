import type { Account } from '../model/account.js';
import { invalid } from '../model/errors.js';
import type { Fault, Faults } from '../api/faults.js';
import { advance } from './due.js';
import { payInvoice } from '../billing/invoices.js';
import { renew, subscribeAgain } from '../billing/renewals.js';
import { cancel, change, reprice } from '../billing/subscriptions.js';
import { pay, type PaymentButton, settle } from '../checkout/pay.js';
import { closeDispute, dispute } from '../money/disputes.js';
import type { Payer } from '../money/methods.js';
import { failRefund, refund } from '../money/refunds.js';
import type {
  Charge,
  Dispute,
  Invoice,
  PaymentIntent,
  Refund,
  CheckoutSession,
  StripeEvent,
  Subscription,
} from '../model/wire.js';
import type { Delivery } from '../model/state.js';
import type { DeliveryOptions, Deliveries, Disturbance } from '../webhooks/deliveries.js';

/**
 * Controls what the real Stripe lets nobody control: the payer's buttons, the banks, the clock and the faults. Each method
 * is also `POST /__standin/<name>` with its arguments as a JSON array. A payment may be named by the id of its session, its
 * payment intent or its charge.
 */
export class Control {
  constructor(
    private readonly account: Account,
    private readonly deliveries: Deliveries,
    private readonly faults: Faults,
    private readonly saved: () => Promise<void>,
  ) {}

  /** Presses a button of the hosted page. @returns the session, still open after a decline */
  pay(session: string, press: PaymentButton = 'card', payer: Partial<Payer> = {}): Promise<CheckoutSession> {
    return this.run(() => {
      const found = this.account.get('checkout.session', session);
      pay(this.account, found, press, {
        email: payer.email ?? found.customer_email ?? 'supporter@example.com',
        name: payer.name ?? null,
      });
      return found;
    });
  }

  /** Ends a running bank debit. */
  settle(payment: string, outcome: 'succeeded' | 'failed' = 'succeeded'): Promise<PaymentIntent> {
    return this.run(() => {
      const intent = this.intent(payment);
      settle(this.account, intent, outcome);
      return intent;
    });
  }

  /** Ends the period of a subscription now. @returns the next invoice; null where the subscription ends */
  renew(subscription: string): Promise<Invoice | null> {
    return this.run(() => renew(this.account, this.account.get('subscription', subscription)) ?? null);
  }

  /** Attempts to collect an unpaid invoice again. */
  retryInvoice(invoice: string): Promise<Invoice> {
    return this.run(() => {
      const found = this.account.get('invoice', invoice);
      if (found.status !== 'open') throw invalid(`stand-in: the invoice ${invoice} is ${found.status}`);
      payInvoice(this.account, found);
      return found;
    });
  }

  /** Declines the next charge of any payer with this code. */
  failNextCharge(code = 'insufficient_funds'): Promise<void> {
    return this.run(() => void this.account.state.declines.push(code));
  }

  /** Refunds as in Stripe's Dashboard. @param amount - minor units; the whole rest, if absent */
  refund(payment: string, amount?: number): Promise<Refund> {
    return this.run(() => refund(this.account, this.charge(payment), { amount, metadata: {} }));
  }

  /**
   * Makes a copy of a subscription as in Stripe's Dashboard, without metadata, and charges it.
   * @param payer - the address of a new customer; absent: the same customer
   */
  subscribeAgain(subscription: string, payer?: string): Promise<Subscription> {
    return this.run(() => subscribeAgain(this.account, this.account.get('subscription', subscription), payer));
  }

  /**
   * Sets what staff, a bank or the account's billing settings set at Stripe: its status, a pause of the collection, the
   * price (docs.stripe.com/billing/subscriptions/overview#subscription-statuses).
   */
  setSubscription(
    subscription: string,
    to: { status?: Subscription['status']; paused?: boolean; amount?: number },
  ): Promise<Subscription> {
    return this.run(() => {
      const found = this.account.get('subscription', subscription);
      if (to.amount !== undefined) reprice(this.account, found, to.amount);
      change(this.account, found, {
        ...(to.status && { status: to.status }),
        ...(to.paused !== undefined && {
          pause_collection: to.paused ? { behavior: 'void' as const, resumes_at: null } : null,
        }),
      });
      return found;
    });
  }

  /** Cancels a subscription as in Stripe's Dashboard. */
  cancel(subscription: string): Promise<Subscription> {
    return this.run(() => {
      const found = this.account.get('subscription', subscription);
      if (found.status === 'canceled') throw invalid(`stand-in: ${subscription} is canceled already`);
      cancel(this.account, found, 'cancellation_requested');
      return found;
    });
  }

  /** Disputes a payment as the payer's bank. @param amount - minor units; the whole, if absent */
  dispute(payment: string, reason = 'fraudulent', amount?: number): Promise<Dispute> {
    return this.run(() => dispute(this.account, this.charge(payment), reason, amount));
  }

  closeDispute(id: string, outcome: 'won' | 'lost'): Promise<Dispute> {
    return this.run(() => closeDispute(this.account, this.account.get('dispute', id), outcome));
  }

  /** Lets a refund fail: the payer's bank sends it back. */
  failRefund(id: string): Promise<Refund> {
    return this.run(() => failRefund(this.account, this.account.get('refund', id)));
  }

  /** Moves the clock forward; everything due meanwhile happens at its time. @returns the new time in seconds */
  advance(seconds: number): Promise<number> {
    return this.run(() => {
      if (!Number.isInteger(seconds) || seconds < 0) throw invalid(`Invalid integer: ${seconds}`, 'seconds');
      advance(this.account, seconds);
      return this.account.now();
    });
  }

  /** Sets the API version of the account, in which its list of events is answered to every version. */
  setAccountVersion(version: string): Promise<void> {
    return this.run(() => void (this.account.version = version));
  }

  /** Writes this metadata into every object from now on, before any event shows another; null ends it. */
  overwriteMetadata(metadata: Record<string, string> | null): Promise<void> {
    return this.run(() => void (this.account.overwritten = metadata));
  }

  /** Lets API calls fail: by default the next one, before it has an effect. */
  failNextCall(fault: Pick<Fault, 'kind'> & Partial<Fault>): Promise<void> {
    return this.run(() => this.faults.add({ times: 1, effect: 'before', ...fault }));
  }

  /** Returns the number of calls of a route since the start, whatever their answer. */
  calls(method: string, path: string): Promise<number> {
    return this.run(() => this.faults.calls(method, path));
  }

  clearFaults(): Promise<void> {
    return this.run(() => this.faults.clear());
  }

  /** Sets the webhook endpoint; the events that waited for one go out at once. */
  setWebhook(url: string | undefined): Promise<void> {
    return this.run(() => this.deliveries.setEndpoint(url));
  }

  /** Holds all webhooks until `flush`. */
  hold(): Promise<void> {
    return this.run(() => this.deliveries.hold());
  }

  /** Sends the named events one after another in that order, then all others. @returns their statuses */
  flush(order: string[] = []): Promise<number[]> {
    return this.deliveries.flush(order);
  }

  /** Sends one event again at once, such as old, badly signed or of another version. @returns the response's status */
  deliver(event: string, attempt: DeliveryOptions = {}): Promise<number> {
    return this.deliveries.send(event, attempt);
  }

  /** Sets the faults of webhooks; absent fields mean no fault. */
  disturb(change: Partial<Disturbance> = {}): Promise<Disturbance> {
    return this.run(() => this.deliveries.disturb(change));
  }

  /** Returns the deliveries that have not arrived. */
  waiting(): Promise<readonly Delivery[]> {
    return this.run(() => [...this.deliveries.waiting()]);
  }

  /** Returns all events, oldest first. */
  events(): Promise<StripeEvent[]> {
    return this.run(() => this.account.all('event').reverse());
  }

  private async run<T>(what: () => T): Promise<T> {
    const result = structuredClone(what());
    await this.saved();
    return result;
  }

  private intent(payment: string): PaymentIntent {
    const session = this.account.find('checkout.session', payment);
    const invoice = session?.invoice;
    const paid = this.account.all('invoice_payment').find((it) => it.invoice === (invoice ?? payment));
    const charge = this.account.find('charge', payment);
    return this.account.get(
      'payment_intent',
      paid?.payment.payment_intent ?? session?.payment_intent ?? charge?.payment_intent ?? payment,
    );
  }

  private charge(payment: string): Charge {
    return this.account.getReferenced('charge', this.intent(payment).latest_charge);
  }
}
