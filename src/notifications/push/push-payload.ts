import { createHash } from 'node:crypto';

/** One notification as it is shown. */
export interface PushNotification {
  title: string;
  body: string;
  /** Where a click leads. */
  navigate: string;
  kind: 'alert' | 'reply';
  /** Of the alert or the reply, for the service worker, which knows by it what it has shown. */
  id: string;
  /** What it is about: a later notice of the same story takes the place of the earlier one. */
  story: string;
}

/** What an editor wrote. */
export interface AlertText {
  id: string;
  title: string;
  body: string;
  url: string;
  urgency: 'normal' | 'high';
}

export const alertNotification = ({ id, title, body, url }: Omit<AlertText, 'urgency'>): PushNotification => ({
  title,
  body,
  navigate: url,
  kind: 'alert',
  id,
  story: `alert:${id}`,
});

export interface Payload {
  /** Padded JSON. */
  text: string;
  /** Of the JSON alone. */
  bytes: number;
  /** The Topic of RFC 8030, and the notification's `tag`. */
  topic: string;
}

/** Bytes of JSON. Bridged to Firefox for Android through FCM, about 2.7 kB of body are left in all. */
export const SAFE_PAYLOAD_BYTES = 2_000;
const BUCKET = 1_024;
/** Bytes: of one record with its padding byte and tag in 4,096 (RFC 8291 4). */
export const MAX_PAYLOAD_BYTES = 3_993;

/** At most 32 characters of base64url (RFC 8030 5.4), the same whenever the same story is sent. */
export const topicOf = (story: string): string => createHash('sha256').update(story).digest('base64url').slice(0, 32);

/**
 * The one payload for every browser: valid for Declarative Web Push (Safari 18.4), and what our service worker reads
 * elsewhere. Safari looks for `mutable` within the notification, the specification above it. Filled up with spaces to a
 * whole kibibyte, since sizes tell an observer which alert it is.
 */
export function composePayload({ title, body, navigate, kind, id, story }: PushNotification): Payload {
  const topic = topicOf(story);
  const json = JSON.stringify({
    web_push: 8030,
    mutable: true,
    notification: { title, navigate, body, lang: 'en', dir: 'auto', tag: topic, mutable: true, data: { id, kind } },
  });
  const bytes = Buffer.byteLength(json);
  const whole = Math.min(Math.ceil(bytes / BUCKET) * BUCKET, MAX_PAYLOAD_BYTES);
  return { text: json + ' '.repeat(Math.max(0, whole - bytes)), bytes, topic };
}
