import { api } from '../../shared/api.js';
import type { FeedItem } from '../../shared/contract.js';
import { session } from '../common/page.js';

/** A page of what those I follow wrote, and the replies to it. */
export const readFeed = (after: string | null, limit: number) =>
  api.get('/me/following/comments', { query: { after, limit } });

const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('rostra-feed');
const seenName = () => `rostra.seen.${session.account?.id}`;

/** The newest comment of others that this reader has had before their eyes, in any tab of this site. */
export function seen(): string | null {
  try {
    return localStorage.getItem(seenName());
  } catch {
    return null;
  }
}

export function markSeen(items: FeedItem[]): void {
  const newest = newestOfOthers(items);
  if (!newest || newest === seen()) return;
  try {
    localStorage.setItem(seenName(), newest);
  } catch {
    return; // No storage, no dot: nothing to keep.
  }
  channel?.postMessage('seen');
  for (const listener of listeners) listener();
}

const listeners = new Set<() => void>();
channel?.addEventListener('message', () => {
  for (const listener of listeners) listener();
});

export function onSeen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const newestOfOthers = (items: FeedItem[]): string | undefined =>
  items.find((it) => it.comment.author && it.comment.author.id !== session.account?.id)?.comment.id;

/** Whether the feed holds something that was not seen yet. */
export const hasNews = (items: FeedItem[]): boolean => {
  const newest = newestOfOthers(items);
  return newest !== undefined && newest !== seen();
};
