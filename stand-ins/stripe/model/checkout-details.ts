import type { LineItem } from './wire.js';

/** The values that the payment of a session needs and the session object does not hold, as plain JSON. */
export interface CheckoutDetails {
  lines: LineItem[];
  /** `payment_intent_data` or `subscription_data` */
  metadata: Record<string, string>;
  description: string | null;
  receiptEmail: string | null;
  setupFutureUsage: 'off_session' | 'on_session' | null;
  statementSuffix: string | null;
}
