import type { LineItem } from './wire.js';

/** What a session's payment will need and the session object does not say. Plain JSON. */
export interface Checkout {
  lines: LineItem[];
  /** `payment_intent_data` or `subscription_data` */
  metadata: Record<string, string>;
  description: string | null;
  receiptEmail: string | null;
  setupFutureUsage: 'off_session' | 'on_session' | null;
  statementSuffix: string | null;
}
