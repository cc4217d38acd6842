import { createECDH, randomBytes } from 'node:crypto';
import type { Schemas } from '../../web/shared/contract.js';

type NewSubscription = Schemas['NewPushSubscription'];
type BrowserKeys = NewSubscription['subscription']['keys'];

/** The public half of a new browser's keys. */
export function browserKeys(): BrowserKeys {
  const curve = createECDH('prime256v1');
  return { p256dh: curve.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') };
}

/** An endpoint as a service would make one. */
export const newEndpoint = (host = 'fcm.googleapis.com'): string =>
  `https://${host}/fcm/send/${randomBytes(60).toString('base64url')}`;

/** A body for POST /push/subscriptions: a new browser of its own unless told otherwise. */
export function newSubscription(over: Record<string, unknown> = {}): NewSubscription & Record<string, unknown> {
  const subscription = { endpoint: newEndpoint(), expirationTime: null, keys: browserKeys() };
  return { subscription, topics: ['breaking'], timeZone: 'Europe/London', ...over };
}
