import type { Comment } from '../../shared/contract.js';
import type { ApiProblem } from '../../shared/problem.js';
import type { WhySignIn } from '../account/dialog-words.js';
import type { Arrived } from './composer.js';
import type { Conversation } from './conversation.js';
import type { ConversationWrites } from './conversation-writes.js';

/** The panel that is open at a comment; only one is open at a time, and the menu opens beside it. */
export type Panel = 'reply' | 'edit' | 'delete' | 'report';

/** The one menu or card that is open, at a comment. */
export interface OpenPopup {
  id: string;
  kind: 'menu' | 'card';
}

export interface ActionOutcome {
  text: string;
  success: boolean;
  /** No server answered, so it is out of date when one answers again. */
  offline?: boolean;
}

/** An edit as it was opened. The text in the field stays, whatever happens to the comment. */
export interface OpenedEdit {
  by: string | undefined;
  text: string;
}

/** The state and the actions that the parts of the thread need from the element. */
export interface ThreadView {
  readonly talk: Conversation;
  readonly panels: Map<string, Panel>;
  readonly popup: OpenPopup | undefined;
  /** Says whether the open menu has copied its link. */
  readonly copied: boolean;
  readonly folded: ReadonlySet<string>;
  /** The edits that were opened, by comment. */
  readonly edits: ReadonlyMap<string, OpenedEdit>;
  /** The comment that a link leads to. */
  readonly linked: string | undefined;
  /** The result of the reader's last action at a comment ('': at the field above), if it is not visible otherwise. */
  readonly outcomes: ReadonlyMap<string, ActionOutcome>;
  readonly now: number;
  /** Says whether a comment is near the viewport, so that it gets controls. */
  isNear(id: string): boolean;
  /** Watches whether a row is near the viewport. */
  readonly watchRow: (element: Element) => void;
  readonly closed: boolean;
  toggle(id: string, what: Panel | OpenPopup['kind']): void;
  /** Closes what the reader was writing at a comment and leaves the focus where it is. */
  close(id: string): void;
  closePopup(): void;
  fold(id: string): void;
  reveal(parentId: string | null): void;
  more(parentId: string): void;
  like(comment: Comment): void;
  reply(parent: Comment, text: string, key: string, arrived: Arrived): Promise<void>;
  edit(comment: Comment, text: string): Promise<void>;
  signIn(why: WhySignIn): Promise<boolean>;
  readonly renderRoot: ParentNode;
  /** Runs an action, after signing in if `why` says so. A failure is shown at the comment. */
  attempt(id: string, why: WhySignIn | undefined, act: (writes: ConversationWrites) => Promise<void>): void;
  showTrouble(id: string, text: string): void;
  showSuccess(id: string, text: string): void;
  /** Says at the open menu that the link is copied. */
  showCopied(text: string): void;
  announce(text: string): void;
  /** Focuses the first of these that is on the page after the next drawing. */
  moveFocus(...selectors: string[]): void;
}

/** The further actions that the head needs. */
export interface HeadView extends ThreadView {
  post(text: string, key: string, arrived: Arrived): Promise<void>;
  /** Loads a comment and shows the branch it stands in. @returns why it is not there */
  bringIn(id: string): Promise<ApiProblem | undefined>;
  /** Makes sure that the article exists. */
  prepare(): Promise<void>;
  /** Starts again when the page shows another story. @returns false if it does */
  look(): boolean;
}

/** Returns a comment's element id, which is also the fragment of its address. */
export const anchor = (id: string): string => `rostra-comment-${id}`;

/** Returns the comment that an article on the page shows. */
export const idOf = (article: Element | null): string => article?.id.replace(anchor(''), '') ?? '';

/** Returns the address of a comment on this page. A bare fragment would lead to the page's `<base>`. */
export const addressAt = (id: string): string => new URL(`#${anchor(id)}`, location.href).href;
