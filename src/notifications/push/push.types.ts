/** The columns of push_subscriptions that the sender needs. */
export interface PushTarget {
  /** push_subscriptions.id, a bigint. */
  id: string;
  /** A secret, which is never logged or answered. */
  endpoint: string;
  /** base64url: the browser's public key, an uncompressed P-256 point of 65 bytes. */
  p256dh: string;
  /** base64url, 16 bytes. */
  auth: string;
  /** push_keys.id of the VAPID key that the subscription was made with. */
  keyId: string;
  createdAt: Date;
}

export const URGENCIES = ['very-low', 'low', 'normal', 'high'] as const;
export type Urgency = (typeof URGENCIES)[number];

export interface PushMessage {
  /** Padded JSON of at most 3,993 bytes of UTF-8. */
  payload: string;
  /** Seconds for which the push service may still deliver it. */
  ttl: number;
  urgency: Urgency;
  /** RFC 8030 Topic, at most 32 characters of base64url. A message replaces an undelivered one with the same topic. */
  topic?: string;
}

/** The state of one message to one target. */
export interface Attempt {
  /** 1, the default, for the first attempt. */
  attempt?: number | undefined;
  /** Whether a service has already called the subscription ended or of another key. A second such answer counts. */
  doubted?: boolean | undefined;
}

/**
 * The outcome of one message to one target. `reason` is for report and log: it has the status and text of the answer and
 * never the endpoint.
 * - accepted: the push service has it; no service reports whether a browser shows it
 * - gone: the subscription no longer exists
 * - retry: try again with attempt + 1 after that many seconds, within the TTL; later attempts keep `doubted`
 * - key_mismatch: the subscription belongs to another VAPID key than the one on file
 * - refused: final for this message; the subscription stays
 * - paused: not sent, because its origin has a pause (it asked for one, does not answer, or refuses most signatures) or
 *   this process is stopping; try again with the same attempt after that many seconds
 */
export type PushOutcome =
  | { kind: 'accepted'; messageUrl?: string }
  | { kind: 'gone'; reason: string }
  | { kind: 'retry'; after: number; reason: string; doubted?: true }
  | { kind: 'key_mismatch'; reason: string }
  | { kind: 'refused'; reason: string }
  | { kind: 'paused'; after: number; reason: string };
