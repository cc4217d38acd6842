/** What the sender needs to know of a subscription: a row of push_subscriptions. */
export interface PushTarget {
  /** push_subscriptions.id, a bigint. */
  id: string;
  /** A secret: never logged, never answered. */
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
  /** JSON, padded by its composer (sizes tell which alert it is); at most 3,993 bytes of UTF-8. */
  payload: string;
  /** Seconds for which the push service may still deliver it: what is left of the message's life, not its whole. */
  ttl: number;
  urgency: Urgency;
  /** RFC 8030 Topic, at most 32 characters of base64url: replaces what waits undelivered under the same one. */
  topic?: string;
}

/** Where one message to one target stands. */
export interface Attempt {
  /** 1 (the default) at the first. */
  attempt?: number | undefined;
  /** A verdict on the subscription was heard before, and is believed when it is heard again. */
  doubted?: boolean | undefined;
}

/**
 * What became of one message to one target. `reason` is for the report and the log: it names the status and what the
 * service said, never the endpoint.
 * - accepted: the push service has it; whether a browser ever shows it, nobody is told
 * - gone: the subscription no longer exists
 * - retry: not now; try again with attempt + 1 after that many seconds, within the message's life; `doubted` is kept
 *   for the tries after it
 * - key_mismatch: the subscription belongs to another VAPID key than the one on file
 * - refused: our mistake or their no; final for this message, the subscription stays
 * - paused: nothing was tried, since its origin rests (it asked us to wait, does not answer, or refuses most of our
 *   signatures) or this process is stopping; the same try again after that many seconds
 */
export type PushOutcome =
  | { kind: 'accepted'; messageUrl?: string }
  | { kind: 'gone'; reason: string }
  | { kind: 'retry'; after: number; reason: string; doubted?: true }
  | { kind: 'key_mismatch'; reason: string }
  | { kind: 'refused'; reason: string }
  | { kind: 'paused'; after: number; reason: string };
