/** The event by which a conversation tells the counts on its page how many comments it has now. */
export const LIVE_COUNT = 'rostra-live-count';

export interface LiveCount {
  /** The keys by which the page may know the article. */
  keys: string[];
  count: number;
}

// An event on the window reaches the counts of count.js too, which has modules of its own.
export const tellCount = (keys: string[], count: number): unknown =>
  dispatchEvent(new CustomEvent<LiveCount>(LIVE_COUNT, { detail: { keys, count } }));
