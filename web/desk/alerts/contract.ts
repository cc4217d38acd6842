import type { Reader } from '../../shared/contract.js';

// The shapes of alerts in docs/contract.md.

export interface Topic {
  key: string;
  name: string;
  description: string;
  /** True for a topic about one signed-in reader. The newsroom cannot send to it. */
  signedIn: boolean;
}

export type Urgency = 'normal' | 'high';

/** The part of an alert that an editor writes. */
export interface AlertText {
  topic: string;
  title: string;
  body: string;
  /** The page that a click opens: http(s), on a site that may embed Rostra. */
  url: string;
  urgency: Urgency;
  /** For how many seconds the alert is worth showing. */
  ttl: number;
}

/** Numbers of browsers. Once an alert is finished, `targeted` is the sum of the others. */
export interface Counts {
  targeted: number;
  /** A push service has accepted the alert. No service says whether it was shown. */
  accepted: number;
  /** The subscription had ended. */
  gone: number;
  failed: number;
  /** The alert was not sent within its `ttl`. */
  expired: number;
  /** The alert was stopped before it was sent to them. */
  cancelled: number;
}

export interface Alert extends AlertText {
  id: string;
  state: 'draft' | 'sending' | 'sent' | 'cancelled';
  createdAt: string;
  sentAt: string | null;
  finishedAt: string | null;
  author: Pick<Reader, 'id' | 'displayName'> | null;
  /** The number of browsers that have the topic switched on. */
  audience: number;
  /** The size of the notification's JSON before encryption and padding. */
  bytes: number;
  counts: Counts;
}
