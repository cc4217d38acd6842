import type { Account } from '../model/account.js';
import { invalid } from '../model/errors.js';
import type { Fault, Faults } from '../api/faults.js';
import { advance } from './due.js';
import { payInvoice } from '../billing/invoices.js';
import { renew } from '../billing/renewals.js';
import { cancel } from '../billing/subscriptions.js';
import { pay, type Press, settle } from '../checkout/pay.js';
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
import type { Attempt, Deliveries, Disturbance } from '../webhooks/deliveries.js';

/**
 * What the real Stripe gives nobody: the payer's buttons, the banks, the clock, and the disturbances.
 * Each method is also `POST /__standin/<name>` with its arguments as a JSON array. Ids may be those of the session, the
 * payment intent or the charge wherever a payment is meant.
 */
export class Control {
  constructor(
    private readonly account: Account,
    private readonly deliveries: Deliveries,
    private readonly faults: Faults,
    private readonly saved: () => Promise<void>,
  ) {}

  /** Presses a button of the hosted page. @returns the session, still open after a decline */
  pay(session: string, press: Press = 'card', payer: Partial<Payer> = {}): Promise<CheckoutSession> {
    return this.do(() => {
      const found = this.account.get('checkout.session', session);
      pay(this.account, found, press, {
        email: payer.email ?? found.customer_email ?? 'supporter@example.com',
        name: payer.name ?? null,
      });
      return found;
    });
  }

  /** Ends a bank debit that is on its way. */
  settle(payment: string, outcome: 'succeeded' | 'failed' = 'succeeded'): Promise<PaymentIntent> {
    return this.do(() => {
      const intent = this.intent(payment);
      settle(this.account, intent, outcome);
      return intent;
    });
  }

  /** Ends the subscription's period now: the next invoice, or the end. */
  renew(subscription: string): Promise<Invoice | null> {
    return this.do(() => renew(this.account, this.account.get('subscription', subscription)) ?? null);
  }

  /** Tries an unpaid invoice again. */
  retryInvoice(invoice: string): Promise<Invoice> {
    return this.do(() => {
      const found = this.account.get('invoice', invoice);
      if (found.status !== 'open') throw invalid(`stand-in: the invoice ${invoice} is ${found.status}`);
      payInvoice(this.account, found);
      return found;
    });
  }

  /** The next charge, whoever's it is, is declined with this code. */
  failNextCharge(code = 'insufficient_funds'): Promise<void> {
    return this.do(() => void this.account.state.declines.push(code));
  }

  /** The merchant gives money back in Stripe's Dashboard. @param amount - minor units; all that is left, if absent */
  refund(payment: string, amount?: number): Promise<Refund> {
    return this.do(() => refund(this.account, this.charge(payment), { amount, metadata: {} }));
  }

  /** The merchant ends a subscription in Stripe's Dashboard. */
  cancel(subscription: string): Promise<Subscription> {
    return this.do(() => {
      const found = this.account.get('subscription', subscription);
      if (found.status === 'canceled') throw invalid(`stand-in: ${subscription} is canceled already`);
      cancel(this.account, found, 'cancellation_requested');
      return found;
    });
  }

  /** The payer's bank takes the payment back. @param amount - minor units; the whole, if absent */
  dispute(payment: string, reason = 'fraudulent', amount?: number): Promise<Dispute> {
    return this.do(() => dispute(this.account, this.charge(payment), reason, amount));
  }

  closeDispute(id: string, outcome: 'won' | 'lost'): Promise<Dispute> {
    return this.do(() => closeDispute(this.account, this.account.get('dispute', id), outcome));
  }

  /** The payer's bank sends a refund back. */
  failRefund(id: string): Promise<Refund> {
    return this.do(() => failRefund(this.account, this.account.get('refund', id)));
  }

  /** Moves the stand-in's clock forward; what falls due on the way happens at its time. */
  advance(seconds: number): Promise<number> {
    return this.do(() => {
      if (!Number.isInteger(seconds) || seconds < 0) throw invalid(`Invalid integer: ${seconds}`, 'seconds');
      advance(this.account, seconds);
      return this.account.now();
    });
  }

  /** The account's own API version: its list of events is written in it, whatever version asks. */
  setAccountVersion(version: string): Promise<void> {
    return this.do(() => void (this.account.version = version));
  }

  /** Lets API calls to come go wrong: by default the next one, before anything was done. */
  failNextCall(fault: Pick<Fault, 'kind'> & Partial<Fault>): Promise<void> {
    return this.do(() => this.faults.add({ times: 1, effect: 'before', ...fault }));
  }

  /** How often a route of the API was called since the start, whatever was answered. */
  calls(method: string, path: string): Promise<number> {
    return this.do(() => this.faults.calls(method, path));
  }

  clearFaults(): Promise<void> {
    return this.do(() => this.faults.clear());
  }

  /** Where webhooks go; what waited for an address goes out now. */
  setWebhook(url: string | undefined, secret?: string): Promise<void> {
    return this.do(() => this.deliveries.to(url, secret));
  }

  /** No webhook goes out until `flush`. */
  hold(): Promise<void> {
    return this.do(() => this.deliveries.hold());
  }

  /** Sends the named events one after another in that order, then all others. @returns their statuses */
  flush(order: string[] = []): Promise<number[]> {
    return this.deliveries.flush(order);
  }

  /** Sends one event once more, at once, as told: old, badly signed, of another version. @returns the answer's status */
  deliver(event: string, attempt: Attempt = {}): Promise<number> {
    return this.deliveries.send(event, attempt);
  }

  /** What goes wrong with webhooks from now on; fields that are absent go right. */
  disturb(change: Partial<Disturbance> = {}): Promise<Disturbance> {
    return this.do(() => this.deliveries.disturb(change));
  }

  /** Deliveries that have not arrived. */
  waiting(): Promise<readonly Delivery[]> {
    return this.do(() => [...this.deliveries.waiting()]);
  }

  /** Every event ever written, oldest first. */
  events(): Promise<StripeEvent[]> {
    return this.do(() => this.account.all('event').reverse());
  }

  private async do<T>(what: () => T): Promise<T> {
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
    return this.account.known('charge', this.intent(payment).latest_charge);
  }
}
