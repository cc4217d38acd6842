import type { Comment, Reason } from '../../shared/contract.js';
import type { Conversation } from './conversation.js';

/** The panel that is open at a comment; only one is open at a time. */
export type Panel = 'reply' | 'edit' | 'delete' | 'report' | 'menu';

export interface ActionOutcome {
  text: string;
  success: boolean;
}

/** The state and the actions that the parts of the thread need from the element. */
export interface ThreadView {
  readonly talk: Conversation;
  readonly panels: ReadonlyMap<string, Panel>;
  readonly folded: ReadonlySet<string>;
  /** The comment that a link leads to. */
  readonly linked: string | undefined;
  /** The result of the reader's last action at a comment, if it is not visible otherwise. */
  readonly outcomes: ReadonlyMap<string, ActionOutcome>;
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

/** The further actions that the head needs. */
export interface HeadView extends ThreadView {
  post(text: string, key: string): Promise<void>;
  /** Makes sure that the article exists. */
  prepare(): Promise<void>;
}

/** Returns a comment's element id, which is also the fragment of its address. */
export const anchor = (id: string): string => `rostra-comment-${id}`;

/** Shortens a display name to its first word, for a button. */
export const firstName = (name: string): string => name.split(/\s+/)[0] || name;
