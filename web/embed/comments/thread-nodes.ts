import type { Comment } from '../../shared/contract.js';
import { all, type SiblingList } from './thread-list.js';

export interface ThreadNode {
  comment: Comment;
  replies: SiblingList;
  /** The number of the latest change to this comment or below it. */
  revision: number;
}

/** Counts all changes on the page, so that no two have the same number. */
let changes = 0;

/** The comments of a page. It numbers their changes, by which the view knows the rows that it must draw again. */
export class ThreadNodes {
  readonly nodes = new Map<string, ThreadNode>();
  /** The comments at which the reader is writing. Their rows stay, whatever happens to them. */
  writingAt: () => Iterable<string> = () => [];
  /** The number of the latest change to the conversation. */
  revision = 0;
  /** The number of the latest change that every row shows, such as another reader's signing in. */
  #everywhere = 0;

  /** Says whether the reader is writing at a comment or below it. */
  isWritingIn(id: string): boolean {
    return [...this.writingAt()].some((it) => this.pathTo(it).some(({ comment }) => comment.id === id));
  }

  /** Returns the number of published replies that were not read yet. */
  unreadReplies(node: ThreadNode): number {
    const known = all(node.replies).filter((id) => this.nodes.get(id)?.comment.state === 'published');
    return Math.max(0, node.comment.replyCount - known.length);
  }

  /** Returns the number of published comments below a comment, or undefined while some of them are unread. */
  countBelow(id: string): number | undefined {
    const node = this.nodes.get(id);
    if (!node) return 0;
    if (node.replies.more || this.unreadReplies(node)) return undefined;
    let count: number | undefined = 0;
    for (const it of all(node.replies)) {
      const below = this.countBelow(it);
      if (below === undefined) return undefined;
      count += below + (this.nodes.get(it)?.comment.state === 'published' ? 1 : 0);
    }
    return count;
  }

  /** Returns a comment and those above it, from the root down. */
  protected pathTo(id: string): ThreadNode[] {
    const path: ThreadNode[] = [];
    for (let node = this.nodes.get(id); node; node = this.nodes.get(node.comment.parentId ?? '')) path.unshift(node);
    return path;
  }

  /** Returns the number of the latest change that a comment's row shows. */
  revisionOf(node: ThreadNode): number {
    return Math.max(node.revision, this.#everywhere);
  }

  /** Marks a comment and those above it as changed (null: the list of the top level). */
  touch(id: string | null): void {
    this.revision = changes += 1;
    for (let node = this.nodes.get(id ?? ''); node; node = this.nodes.get(node.comment.parentId ?? ''))
      node.revision = this.revision;
  }

  touchAll(): void {
    this.revision = this.#everywhere = changes += 1;
  }

  /** Marks the comments of a reader, and the replies to them, which name the reader. */
  touchAuthor(readerId: string): void {
    for (const { comment, replies } of this.nodes.values()) {
      if (comment.author?.id !== readerId) continue;
      for (const id of [comment.id, ...all(replies)]) this.touch(id);
    }
  }

  /** Replaces what is known of a comment, and marks it if something differs. */
  protected change(node: ThreadNode, comment: Comment): void {
    const before = node.comment;
    node.comment = comment;
    if (JSON.stringify(comment) === JSON.stringify(before)) return;
    this.touch(comment.id);
    if (before.author?.id !== comment.author?.id) for (const id of all(node.replies)) this.touch(id);
  }
}
