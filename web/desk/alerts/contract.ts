import type { Person } from '../moderation/contract.js';

// The alerts half of docs/contract.md, as the desk reads it.

export interface Topic {
  key: string;
  name: string;
  description: string;
  /** Alerts only while that browser is signed in: for what concerns one reader, never for the newsroom to send to. */
  signedIn: boolean;
}

export type Urgency = 'normal' | 'high';

/** What an editor writes. */
export interface AlertText {
  topic: string;
  title: string;
  body: string;
  /** Address of the story that a click opens: http(s), on a site that may embed. */
  url: string;
  urgency: Urgency;
  /** How long it stays worth showing, in seconds. */
  ttl: number;
}

/** Browsers. Once an alert is finished, `targeted` is the sum of the others. */
export interface Counts {
  targeted: number;
  /** Taken by a push service. Whether it was shown, nobody is told. */
  accepted: number;
  /** Their subscription has ended. */
  gone: number;
  failed: number;
  /** Not sent in the time it was worth showing. */
  expired: number;
  /** Kept back because somebody stopped it. */
  cancelled: number;
}

export interface Alert extends AlertText {
  id: string;
  state: 'draft' | 'sending' | 'sent' | 'cancelled';
  createdAt: string;
  sentAt: string | null;
  finishedAt: string | null;
  author: Person | null;
  /** Browsers that have the topic switched on. */
  audience: number;
  /** Of the notification as it is encrypted, before padding. */
  bytes: number;
  counts: Counts;
}
