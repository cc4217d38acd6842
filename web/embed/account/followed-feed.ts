import { api } from '../../shared/api.js';
import { openChannel } from '../../shared/channel.js';
import type { FeedItem } from '../../shared/contract.js';
import { session } from '../common/page.js';

/** Reads a page of what followed readers wrote and of the replies to it. */
export const readFeed = (after: string | null, limit: number) =>
  api.get('/me/following/comments', { query: { after, limit } });

const channel = openChannel('rostra-feed');
const seenName = () => `rostra.seen.${session.account?.id}`;

/** Returns the id of the newest comment by others that this reader has seen in any tab of this site. */
function seen(): string | null {
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
    return; // Without storage there is no dot.
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

/** Says whether the feed holds a comment that was not seen yet. */
export const hasNews = (items: FeedItem[]): boolean => {
  const newest = newestOfOthers(items);
  return newest !== undefined && newest !== seen();
};
