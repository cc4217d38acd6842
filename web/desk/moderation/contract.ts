import type { ArticleLink, Comment, Reader, Reason } from '../../shared/contract.js';

// The shapes of moderation in docs/contract.md.

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
  /** The revision of the reported text. */
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

/** One comment as a moderator sees it: with its text even if it was removed, its reports and its decisions. */
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
  /** The present state of the comment, whatever this row did to it. */
  state: Comment['state'];
  excerpt: string | null;
  article: ArticleLink;
  author: Person | null;
}

/** The body of a decision's request; `revision` is that of the text that the moderator saw. */
export interface DecisionInput {
  action: Action;
  reason?: Reason;
  note?: string;
  revision?: number;
}
