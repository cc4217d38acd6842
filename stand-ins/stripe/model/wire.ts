import type Stripe from 'stripe';

/** The API version of the stand-in. The SDK's type is one literal, so that an upgrade of the SDK does not compile. */
export const API_VERSION: Stripe.LatestApiVersion = '2026-10-28.endive';

type Plain = string | number | boolean | null | undefined;

/**
 * A Stripe object as JSON: decimals are strings, references are ids, which an answer expands on request. The types come
 * from the SDK, so that a missing or misnamed field does not compile.
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

/** The objects of an account, by the name in their `object` field. */
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

/** An event of a type that the SDK knows. */
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
