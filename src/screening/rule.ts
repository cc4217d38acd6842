import type { Setting } from '../settings/setting.js';
import type { Hold, Refusal } from './screening-verdict.js';

/** The facts that a rule may judge by. Those in the database are read once, when a rule first asks. */
export interface ScreeningContext {
  /** The text as it would be stored. */
  body: string;
  author: { accountId: string };
  /** Reads the value of a setting for the site of the article. */
  setting: <T>(setting: Setting<T>) => T;
  article: ScreenedArticle;
  history: () => Promise<AuthorHistory>;
  account: () => Promise<AuthorAccount>;
  /** What the author wrote in the times that the newsroom sets for it. */
  recent: () => Promise<RecentHistory>;
  /** What the helper that learns says of a text, if it has power. */
  learned?: (text: string) => { certain: boolean } | undefined;
}

export interface ScreenedArticle {
  id: string;
  key: string;
  url: string;
  section: string | null;
}

/** The account of the author. */
export interface AuthorAccount {
  /** The hours since it was made. */
  ageHours: number;
  /** Whether it belongs to staff or a supporter. */
  trusted: boolean;
  staff: boolean;
}

/** The numbers of comments that the author wrote before. */
export interface AuthorHistory {
  published: number;
  removed: number;
}

/** The numbers of comments among the author's newest ones, also of those that waited. */
export interface RecentHistory {
  /** Those within `flood_minutes`. */
  written: number;
  /** Those within `recent_rejections_days` that were removed or rejected. */
  removed: number;
}

/**
 * Judges a text: undefined publishes it. A rule that needs no database answers without a promise, so that the list
 * costs no turn of the event loop.
 * @typeParam V what the rule may say instead of publishing
 */
export type Rule<V extends Hold | Refusal> = (context: ScreeningContext) => V | undefined | Promise<V | undefined>;
