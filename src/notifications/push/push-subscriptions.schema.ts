import { ECDH } from 'node:crypto';
import { z } from 'zod';
import { machineText } from '../../text/short-text.js';

/** Bytes in base64url. The padding and the older alphabet of some browsers are replaced. */
const bytes = (isValid: (value: Buffer) => boolean, message: string) =>
  z
    .string()
    .max(200)
    .regex(/^[\w+/-]+={0,2}$/, 'must be base64url')
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

/** Whether a name is that of an IANA time zone. Offsets and `Etc/Unknown` say nothing about quiet hours in summer. */
function isTimeZone(name: string): boolean {
  if (name.length > 64 || !/^[A-Za-z]/.test(name) || /unknown/i.test(name)) return false;
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
    // What else the browser says of its subscription is ignored.
    subscription: z.object({
      endpoint: z.string(), // judged by push-endpoint.ts
      expirationTime: z.unknown().optional(),
      keys: z.object({
        p256dh: bytes(isPoint, 'must be an uncompressed point on P-256'),
        auth: bytes((it) => it.length === 16, 'must have 16 bytes'),
      }),
    }),
    topics: TopicKeys,
    /** What the browser says of itself. Whatever is no IANA time zone counts as unknown. */
    timeZone: z
      .unknown()
      .transform((it) => (typeof it === 'string' && isTimeZone(it) ? it : null))
      .optional()
      .meta({ description: 'An IANA time zone such as Europe/Berlin. Anything else counts as unknown.' }),
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

export const PushKeyView = z.strictObject({ key: z.string(), former: z.array(z.string()) }).meta({ id: 'PushKey' });

export const TopicsView = z
  .strictObject({
    items: z.array(
      z.strictObject({ key: z.string(), name: z.string(), description: z.string(), signedIn: z.boolean() }),
    ),
  })
  .meta({ id: 'Topics' });
