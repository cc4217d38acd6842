import { ECDH } from 'node:crypto';
import { z } from 'zod';
import { machineText } from '../../text/short-text.js';

/** Bytes in base64url. The padding that some browsers add is removed. */
const bytes = (isValid: (value: Buffer) => boolean, message: string) =>
  z
    .string()
    .max(200)
    .regex(/^[\w-]+={0,2}$/, 'must be base64url')
    .transform((it) => Buffer.from(it, 'base64url'))
    .refine(isValid, message)
    .transform((it) => it.toString('base64url'));

/** Whether the bytes are an uncompressed point on P-256. A point on another curve would reveal our key in an ECDH. */
function isPoint(value: Buffer): boolean {
  if (value.length !== 65 || value[0] !== 4) return false;
  try {
    ECDH.convertKey(value, 'prime256v1');
    return true;
  } catch {
    return false;
  }
}

function isTimeZone(name: string): boolean {
  try {
    return !!new Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    return false;
  }
}

const TopicKeys = z
  .array(machineText(40))
  .max(20)
  .transform((it) => [...new Set(it)]);

/** The result of `PushSubscription.toJSON()` and the topics that the reader chose. */
export const NewSubscription = z
  .strictObject({
    subscription: z.strictObject({
      endpoint: z.string(), // judged by push-endpoint.ts
      expirationTime: z.number().nullish(),
      keys: z.strictObject({
        p256dh: bytes(isPoint, 'must be an uncompressed point on P-256'),
        auth: bytes((it) => it.length === 16, 'must have 16 bytes'),
      }),
    }),
    topics: TopicKeys,
    timeZone: z.string().max(64).refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin'),
    /** The VAPID public key that the browser subscribed with. */
    key: machineText(100).optional(),
  })
  .meta({ id: 'NewPushSubscription' });

export const SubscriptionChange = z.strictObject({ topics: TopicKeys }).meta({ id: 'PushSubscriptionChange' });

export const SubscriptionMadeView = z
  .strictObject({ id: z.string(), topics: z.array(z.string()), createdAt: z.iso.datetime() })
  .meta({ id: 'PushSubscriptionMade' });

export const SubscriptionView = z
  .strictObject({
    id: z.string(),
    topics: z.array(z.string()),
    state: z.enum(['active', 'gone', 'key_mismatch']),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'PushSubscription' });

export const PushKeyView = z.strictObject({ key: z.string() }).meta({ id: 'PushKey' });

export const TopicsView = z
  .strictObject({
    items: z.array(
      z.strictObject({ key: z.string(), name: z.string(), description: z.string(), signedIn: z.boolean() }),
    ),
  })
  .meta({ id: 'Topics' });
