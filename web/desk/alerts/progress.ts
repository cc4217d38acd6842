import type { Alert, Counts } from './contract.js';

/** The number of browsers whose attempt has ended, successful or not. */
export const settled = ({ accepted, gone, failed, expired, cancelled }: Counts): number =>
  accepted + gone + failed + expired + cancelled;

/** The number of browsers that the alert is for: those counted when it was sent, before that the present audience. */
export const targetCount = ({ counts, audience }: Alert): number => counts.targeted || audience;

export const toGo = (alert: Alert): number => Math.max(0, targetCount(alert) - settled(alert.counts));

/** True while the counts change: the alert is being sent, or a worker still finishes a batch of a stopped alert. */
export const isRunning = ({ state, sentAt, finishedAt }: Alert): boolean =>
  state === 'sending' || (state === 'cancelled' && sentAt !== null && finishedAt === null);

/** The settled share of all browsers, from 0 to 1. */
export function share(alert: Alert): number {
  const all = targetCount(alert);
  return all ? Math.min(1, settled(alert.counts) / all) : 1;
}

const RANK = { draft: 0, sending: 1, sent: 2, cancelled: 2 };

/** The more advanced of two readings of one alert, because answers may arrive out of order. */
export function moreAdvanced(known: Alert, read: Alert): Alert {
  if (RANK[read.state] !== RANK[known.state]) return RANK[read.state] > RANK[known.state] ? read : known;
  if (read.finishedAt && !known.finishedAt) return read;
  return settled(read.counts) >= settled(known.counts) && !(known.finishedAt && !read.finishedAt) ? read : known;
}
