import { translator } from '../../shared/strings/translate.js';

/** The words of the feed, which are loaded with it. */
const words = {
  'feed.signedOut': 'Sign in to see what the readers you follow write.',
  'feed.empty': 'There is nothing here yet. Follow a reader at one of their comments to see what they write here.',
  'feed.quiet': 'The readers you follow have not written anything yet.',
  'feed.new': { one: '{n} new comment', other: '{n} new comments' },
  'feed.you': 'you',
  'feed.in': 'in {title}',
  'feed.whom': { one: 'You follow {n} reader', other: 'You follow {n} readers' },
  'feed.whomMany': 'You follow more than {n} readers. These are the latest.',
  'follow.stop': 'Unfollow',
  'feed.more': 'Earlier comments',
} as const;

export const t = translator(words);
