import { createECDH, randomBytes } from 'node:crypto';
import type { Schemas } from '../../web/shared/contract.js';

type NewSubscription = Schemas['NewPushSubscription'];
type BrowserKeys = NewSubscription['subscription']['keys'];

/** Makes the keys of a new browser. */
export function browserKeys(): BrowserKeys {
  const curve = createECDH('prime256v1');
  return { p256dh: curve.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') };
}

/** Makes an endpoint in the form of a push service. */
export const newEndpoint = (host = 'fcm.googleapis.com'): string =>
  `https://${host}/fcm/send/${randomBytes(60).toString('base64url')}`;

/** Makes a body for POST /push/subscriptions, by default of a new browser. */
export function newSubscription(over: Record<string, unknown> = {}): NewSubscription & Record<string, unknown> {
  const subscription = { endpoint: newEndpoint(), expirationTime: null, keys: browserKeys() };
  return { subscription, topics: ['breaking'], timeZone: 'Europe/London', ...over };
}
