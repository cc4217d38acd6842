import { createHmac } from 'node:crypto';

/** How a delivery is signed; everything but `valid` must be refused by whoever receives it. */
export type Signing = 'valid' | 'wrong' | 'missing';

/**
 * The `Stripe-Signature` header: HMAC-SHA256 of `<timestamp>.<body>`.
 * @param timestamp - seconds
 */
export function sign(body: string, secret: string, timestamp: number): string {
  return `t=${timestamp},v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}
