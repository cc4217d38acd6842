import { createHash } from 'node:crypto';

/** The content of a notification. */
export interface PushNotification {
  title: string;
  body: string;
  /** The page that a click opens. */
  navigate: string;
  kind: 'alert' | 'reply';
  /** The id of the alert or reply, by which the service worker knows what it has shown. */
  id: string;
  /** The subject. A later notification about the same subject replaces the earlier one. */
  story: string;
}

/** The text of an alert. */
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
  /** The size of the JSON without padding. */
  bytes: number;
  /** The Topic of RFC 8030, and the notification's `tag`. */
  topic: string;
}

/**
 * The most bytes of JSON that every browser receives. Firefox for Android gets pushes through FCM, which leaves 2.7 kB.
 */
export const SAFE_PAYLOAD_BYTES = 2_000;
const BUCKET = 1_024;
/** The most bytes of a payload: a record of 4,096 bytes without its header, padding byte and tag (RFC 8291 4). */
export const MAX_PAYLOAD_BYTES = 3_993;

/** The Topic of a subject: at most 32 characters of base64url (RFC 8030 5.4), always the same for the same subject. */
export const topicOf = (story: string): string => createHash('sha256').update(story).digest('base64url').slice(0, 32);

/**
 * Composes one payload for all browsers: it is valid for Declarative Web Push (Safari 18.4), and our service worker reads
 * it elsewhere. Safari expects `mutable` inside the notification, the specification above it. Spaces pad it to a whole
 * kibibyte, because an observer could recognise an alert by its size.
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
