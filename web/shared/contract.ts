// The shapes of docs/contract.md that browsers read. Types only: nothing of this is in the bundle.

export interface Account {
  id: string;
  displayName: string;
  role: 'reader' | 'moderator' | 'editor' | 'admin';
  emailVerified: boolean;
  supporter: boolean;
}

/** The face an account shows in public. */
export interface Reader {
  id: string;
  displayName: string;
  badges: string[];
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type Reason = 'abuse' | 'spam' | 'off-topic' | 'other';
export type Reactions = Record<string, number>;

export interface Comment {
  id: string;
  articleKey: string;
  parentId: string | null;
  depth: number;
  author?: Reader | null;
  body?: string | null;
  createdAt: string;
  editedAt?: string | null;
  state: 'published' | 'removed' | 'deleted';
  removal?: { reason: string } | null;
  reactions: Reactions;
  replyCount: number;
  replies?: Page<Comment>;
}

/** What an article's conversation is to its readers. */
export interface Conversation {
  key: string;
  state: string;
  commentCount: number;
}

export interface ArticleLink {
  key: string;
  url: string;
  title: string | null;
}

export interface CommentsPage extends Page<Comment> {
  article: Conversation;
  position: number;
}

export interface CommentContext {
  article: ArticleLink & Conversation;
  ancestors: Comment[];
  comment: Comment;
  previous: string | null;
  next: string | null;
  position: number;
}

/** What is mine on an article's page. */
export interface Mine {
  reactions: Record<string, string[]>;
  following: string[];
  editWindowSeconds: number;
}

export interface ParentCount {
  id: string;
  replyCount: number;
}

export type FrameItem =
  | { kind: 'comment'; position?: number; comment: Comment; parent?: ParentCount | null }
  | { kind: 'gone'; position?: number; id: string; parent?: ParentCount | null }
  | { kind: 'reactions'; position?: number; counts: { id: string; reactions: Reactions }[] }
  | { kind: 'author'; position?: number; author: Reader }
  | { kind: 'article'; position?: number; article: Partial<Conversation> };

/** A stretch of an article's conversation log: `from` exclusive, `to` inclusive. */
export interface Frame {
  from: number;
  to: number;
  commentCount: number;
  items: FrameItem[];
}

/** What `/events` answers. */
export type LogEvents = (Frame & { more: boolean; reset?: false }) | { reset: true };

export interface FeedItem {
  comment: Comment;
  article: ArticleLink;
  parent: Comment | null;
  because: 'followed' | 'reply';
}
