import type { ArticleLink, Comment, Reader, Reason } from '../../shared/contract.js';

// The moderation half of docs/contract.md, as the desk reads it.

export type Action = 'keep' | 'remove' | 'restore';

export interface Person {
  id: string;
  displayName: string;
}

export interface Report {
  id: string;
  reason: string;
  note: string | null;
  createdAt: string;
  /** The revision of the text that was reported. */
  revision: number;
  reporter: Person | null;
}

export interface Decision {
  id: string;
  action: Action;
  reason: string | null;
  note: string | null;
  createdAt: string;
  moderator: Person | null;
}

export interface Writer extends Reader {
  joinedAt: string;
  commentCount: number;
  removedCount: number;
  bannedAt: string | null;
}

/** One comment as a moderator judges it: with its text even if removed, and all that was said about it. */
export interface Case {
  comment: Comment & { revision: number };
  article: ArticleLink;
  ancestors: Comment[];
  reports: Report[];
  author: Writer | null;
  decisions: Decision[];
}

/** A row of the append-only log. */
export interface LoggedDecision extends Decision {
  commentId: string;
  /** Of the comment now, whatever this row did to it. */
  state: Comment['state'];
  excerpt: string | null;
  article: ArticleLink;
  author: Person | null;
}

/** What a moderator wants done; `revision` is that of the text he saw. */
export interface Verdict {
  action: Action;
  reason?: Reason;
  note?: string;
  revision?: number;
}
