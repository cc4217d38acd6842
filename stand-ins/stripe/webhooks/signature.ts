import { createHmac } from 'node:crypto';

/** The signature of a delivery; a receiver must refuse all but `valid`. */
export type SignatureKind = 'valid' | 'wrong' | 'missing';

/**
 * Makes the `Stripe-Signature` header: HMAC-SHA256 of `<timestamp>.<body>`.
 * @param timestamp - seconds
 */
export function sign(body: string, secret: string, timestamp: number): string {
  return `t=${timestamp},v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}
