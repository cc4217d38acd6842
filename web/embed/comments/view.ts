import type { Comment, Reason } from '../../shared/contract.js';
import type { Conversation } from './conversation.js';

/** What is open at a comment; one thing at a time. */
export type Panel = 'reply' | 'edit' | 'delete' | 'report' | 'menu';

export interface SubmitOutcome {
  text: string;
  success: boolean;
}

/** What the parts of the thread ask of the element that draws them. */
export interface ThreadView {
  readonly talk: Conversation;
  readonly panels: ReadonlyMap<string, Panel>;
  readonly folded: ReadonlySet<string>;
  /** The comment that a link leads to. */
  readonly linked: string | undefined;
  /** What came of the reader's last act at a comment, where it cannot be seen otherwise. */
  readonly outcomes: ReadonlyMap<string, SubmitOutcome>;
  readonly now: number;
  readonly closed: boolean;
  toggle(id: string, panel: Panel): void;
  fold(id: string): void;
  reveal(parentId: string | null): void;
  more(parentId: string): void;
  like(comment: Comment): void;
  follow(comment: Comment): void;
  copyLink(comment: Comment): void;
  reply(parent: Comment, text: string, key: string): Promise<void>;
  edit(comment: Comment, text: string): Promise<void>;
  deleteComment(comment: Comment): void;
  report(comment: Comment, reason: Reason | undefined, note: string): void;
  signIn(why: 'whyWriting' | 'whyFollowing' | 'whyLiking'): Promise<boolean>;
}

/** What the head asks for besides. */
export interface HeadView extends ThreadView {
  post(text: string, key: string): Promise<void>;
  /** Makes sure that there is an article to write on. */
  prepare(): Promise<void>;
}

/** Where a comment stands on the page; its id in the element's own tree and in the page's address. */
export const anchor = (id: string): string => `rostra-comment-${id}`;

/** A display name short enough for a button: its first word. */
export const firstName = (name: string): string => name.split(/\s+/)[0] || name;
