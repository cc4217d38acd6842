import type Stripe from 'stripe';

/** The API version whose shapes are spoken here; the SDK's type of it is one literal, so an upgrade shows in `tsc`. */
export const API_VERSION: Stripe.LatestApiVersion = '2026-10-28.endive';

type Plain = string | number | boolean | null | undefined;

/**
 * A Stripe object as it travels: decimals are strings, references are ids (an answer expands them on request).
 * Made from the SDK's own declarations, so that a missing or misnamed field does not compile.
 */
type Wire<T> = T extends Plain
  ? T
  : T extends Stripe.Decimal
    ? string
    : T extends (infer U)[]
      ? Wire<U>[]
      : { [K in keyof T]: Field<T[K]> };
type Field<T> = string extends T ? Exclude<T, { object: string }> : Wire<T>;

export type CheckoutSession = Wire<Stripe.Checkout.Session>;
export type LineItem = Wire<Stripe.LineItem>;
export type Price = Wire<Stripe.Price>;
type Product = Wire<Stripe.Product>;
export type Customer = Wire<Stripe.Customer>;
export type PaymentIntent = Wire<Stripe.PaymentIntent>;
export type Charge = Wire<Stripe.Charge>;
export type PaymentMethod = Wire<Stripe.PaymentMethod>;
export type BalanceTransaction = Wire<Stripe.BalanceTransaction>;
export type Refund = Wire<Stripe.Refund>;
export type Dispute = Wire<Stripe.Dispute>;
export type Subscription = Wire<Stripe.Subscription>;
export type Invoice = Wire<Stripe.Invoice>;
export type InvoiceLineItem = Wire<Stripe.InvoiceLineItem>;
export type InvoicePayment = Wire<Stripe.InvoicePayment>;
export type PortalSession = Wire<Stripe.BillingPortal.Session>;

/** What the account holds, by the name in each object's `object` field. */
export interface Kinds {
  'checkout.session': CheckoutSession;
  customer: Customer;
  price: Price;
  product: Product;
  payment_intent: PaymentIntent;
  charge: Charge;
  payment_method: PaymentMethod;
  balance_transaction: BalanceTransaction;
  refund: Refund;
  dispute: Dispute;
  subscription: Subscription;
  invoice: Invoice;
  invoice_payment: InvoicePayment;
  'billing_portal.session': PortalSession;
  event: StripeEvent;
}
export type Kind = keyof Kinds;
export type StripeObject = Kinds[Exclude<Kind, 'event'>];

/** An event; its type is one the SDK knows. */
export interface StripeEvent {
  id: string;
  object: 'event';
  api_version: Stripe.LatestApiVersion;
  created: number;
  data: { object: StripeObject; previous_attributes?: Record<string, unknown> };
  livemode: false;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: Stripe.Event.Type;
}

export interface List<T> {
  object: 'list';
  url: string;
  has_more: boolean;
  data: T[];
}
