import type { Alert, Counts } from './contract.js';

/** Browsers whose attempt has an end, good or bad. */
export const settled = ({ accepted, gone, failed, expired, cancelled }: Counts): number =>
  accepted + gone + failed + expired + cancelled;

/** Browsers that were asked for: counted at the sending, before that by who has the topic switched on. */
export const targetCount = ({ counts, audience }: Alert): number => counts.targeted || audience;

export const toGo = (alert: Alert): number => Math.max(0, targetCount(alert) - settled(alert.counts));

/** Its figures still move: it is being sent, or was stopped and what a worker has in hand is not settled yet. */
export const isRunning = ({ state, sentAt, finishedAt }: Alert): boolean =>
  state === 'sending' || (state === 'cancelled' && sentAt !== null && finishedAt === null);

/** From 0 to 1. */
export function share(alert: Alert): number {
  const all = targetCount(alert);
  return all ? Math.min(1, settled(alert.counts) / all) : 1;
}

const RANK = { draft: 0, sending: 1, sent: 2, cancelled: 2 };

/** The one of two readings that is further on: an answer that was overtaken takes nothing back. */
export function moreAdvanced(known: Alert, read: Alert): Alert {
  if (RANK[read.state] !== RANK[known.state]) return RANK[read.state] > RANK[known.state] ? read : known;
  if (read.finishedAt && !known.finishedAt) return read;
  return settled(read.counts) >= settled(known.counts) && !(known.finishedAt && !read.finishedAt) ? read : known;
}
