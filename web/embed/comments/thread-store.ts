import type {
  Comment,
  CommentContext,
  CommentOrder,
  CommentsPage,
  Frame,
  FrameItem,
  Page,
  ThreadArticle,
} from '../../shared/contract.js';
import { addPage, all, dropFrom, newList, type SiblingList } from './thread-list.js';

export type Sort = CommentOrder;

export interface ThreadNode {
  comment: Comment;
  replies: SiblingList;
}

/** The clocks of two posts in flight may differ by this much from the order in which the log took them. */
const SLACK_MS = 5_000;
const MAX_ORPHANS = 200;

/**
 * One article's conversation as this page knows it: what was read, what frames changed since, and what waits behind a
 * pill. Pure: it fetches nothing and draws nothing, and every change is absolute, so applying it twice does no harm.
 */
export class ThreadStore {
  readonly nodes = new Map<string, ThreadNode>();
  roots = newList();
  article: ThreadArticle | null = null;
  /** Whose comments appear at once instead of waiting behind a pill. */
  me: string | null = null;
  sort: Sort = 'newest';
  /** The latest moment the server's clock is known to have reached when the list was read. */
  #readUntil = 0;
  /** Replies that a frame brought before their parent, which a later edit had moved behind them. */
  readonly #orphans = new Map<string, Comment>();

  /** Starts over with a first page. */
  load(page: CommentsPage, sort: Sort): void {
    this.nodes.clear();
    this.#orphans.clear();
    this.roots = newList();
    this.#readUntil = 0;
    this.sort = sort;
    this.article = page.article;
    this.append(page);
    for (const { comment } of this.nodes.values()) this.#readUntil = Math.max(this.#readUntil, createdAtMs(comment));
  }

  /** Adds the next page of roots. */
  append(page: Page<Comment>): void {
    addPage(
      this.roots,
      page.items.map((comment) => this.#upsert(comment)),
      page.next,
    );
  }

  /** Adds a page of somebody's replies. */
  appendReplies(parentId: string, page: Page<Comment>): void {
    const parent = this.nodes.get(parentId);
    if (!parent) return;
    addPage(
      parent.replies,
      page.items.map((comment) => this.#upsert(comment)),
      page.next,
    );
  }

  /** Brings a linked comment and the chain above it onto the page, ahead of the rest where it was not there yet. */
  addContext({ ancestors, comment }: CommentContext): void {
    let parent: ThreadNode | undefined;
    for (const link of [...ancestors, comment]) {
      const id = this.#upsert(link);
      const list = parent ? parent.replies : this.roots;
      if (list.pending.includes(id)) dropFrom(list, [id]);
      if (!all(list).includes(id)) (parent ? list.tail : list.lead).push(id);
      if (parent && list.after === null && this.unreadReplies(parent) === 0) list.more = false;
      parent = this.nodes.get(id);
    }
  }

  /** A comment this reader just wrote, or an answer that carries a comment's state now. */
  put(comment: Comment): void {
    if (this.nodes.has(comment.id)) this.#upsert(comment);
    else if (this.#insert(comment, true)) this.#countOne(comment);
  }

  setReactions(id: string, reactions: Comment['reactions']): void {
    const node = this.nodes.get(id);
    if (node) node.comment = { ...node.comment, reactions };
  }

  /** Applies a frame that the log found to be next. */
  apply(frame: Pick<Frame, 'items' | 'commentCount'>): void {
    for (const item of frame.items) this.#applyItem(item);
    if (this.article) this.article = { ...this.article, commentCount: frame.commentCount };
  }

  /** Shows what waits at a parent (null: the top level); answers the ids in the order in which they now stand. */
  reveal(parentId: string | null): string[] {
    const list = parentId === null ? this.roots : this.nodes.get(parentId)?.replies;
    if (!list) return [];
    const ids = list.pending;
    list.pending = [];
    for (const id of ids) this.#place(list, id, parentId === null);
    for (const id of ids) this.#revealBelow(id);
    return parentId === null && this.sort !== 'oldest' ? ids.toReversed() : ids;
  }

  /** Shows a known comment that waits, and what waits above it. @returns the ids of the comments above it */
  show(id: string): string[] {
    const above: string[] = [];
    for (let node = this.nodes.get(id); node; node = this.nodes.get(above.at(-1) ?? '')) {
      const { parentId } = node.comment;
      const list = parentId === null ? this.roots : this.nodes.get(parentId)?.replies;
      if (list?.pending.includes(node.comment.id)) this.reveal(parentId);
      if (parentId === null) break;
      above.push(parentId);
    }
    return above;
  }

  /** How many published comments wait at a parent. */
  pendingCount(parentId: string | null): number {
    const list = parentId === null ? this.roots : this.nodes.get(parentId)?.replies;
    return (list?.pending ?? []).filter((id) => this.nodes.get(id)?.comment.state === 'published').length;
  }

  /** How many published replies were not read yet. */
  unreadReplies(node: ThreadNode): number {
    const known = all(node.replies).filter((id) => this.nodes.get(id)?.comment.state === 'published');
    return Math.max(0, node.comment.replyCount - known.length);
  }

  #applyItem(item: FrameItem): void {
    switch (item.kind) {
      case 'comment':
        if (this.nodes.has(item.comment.id)) this.#upsert(item.comment);
        else this.#insert(item.comment, false);
        break;
      case 'gone':
        this.#remove(item.id);
        break;
      case 'reactions':
        for (const { id, reactions } of item.counts) this.setReactions(id, reactions);
        return;
      case 'author':
        for (const node of this.nodes.values()) {
          if (node.comment.author?.id === item.author.id) node.comment = { ...node.comment, author: item.author };
        }
        return;
      case 'article':
        if (this.article) this.article = { ...this.article, ...item.article };
        return;
      default:
        return; // A kind that a newer server knows: the next reading shows its effect.
    }
    const parent = item.parent && this.nodes.get(item.parent.id);
    if (parent && item.parent) parent.comment = { ...parent.comment, replyCount: item.parent.replyCount };
  }

  /** A comment that is not on the page yet. */
  #insert(comment: Comment, mine: boolean): boolean {
    const parent = comment.parentId === null ? null : this.nodes.get(comment.parentId);
    if (parent === undefined) return this.#keepOrphan(comment);
    const list = parent ? parent.replies : this.roots;
    const own = mine || (this.me !== null && comment.author?.id === this.me);
    if (!own && !this.#isNew(comment, list)) return false;
    // Whatever answers a comment that is new came after it, so frames bring it too: nothing is left to read below it.
    const node: ThreadNode = { comment: withoutReplies(comment), replies: newList() };
    this.nodes.set(comment.id, node);
    if (own && comment.state === 'published') this.#place(list, comment.id, parent === null);
    else list.pending.push(comment.id);
    for (const orphan of [...this.#orphans.values()].filter((it) => it.parentId === comment.id)) {
      this.#orphans.delete(orphan.id);
      this.#insert(orphan, false);
    }
    return true;
  }

  /** Most have a parent on a page that was not read, and come with it; so only the latest are kept. */
  #keepOrphan(comment: Comment): boolean {
    this.#orphans.delete(comment.id);
    this.#orphans.set(comment.id, comment);
    if (this.#orphans.size > MAX_ORPHANS) this.#orphans.delete(this.#orphans.keys().next().value ?? '');
    return false;
  }

  /** Until the frame brings the exact counts, what this reader just wrote is counted here. */
  #countOne({ parentId }: Comment): void {
    if (this.article) this.article = { ...this.article, commentCount: this.article.commentCount + 1 };
    const parent = this.nodes.get(parentId ?? '');
    if (parent) parent.comment = { ...parent.comment, replyCount: parent.comment.replyCount + 1 };
  }

  /** Whether an unknown comment came since the list was read, rather than stands on a page not read yet. */
  #isNew(comment: Comment, list: SiblingList): boolean {
    if (!list.more) return true;
    if (list === this.roots && this.sort === 'newest') {
      const last = this.nodes.get(list.page.at(-1) ?? '');
      return !last || createdAtMs(comment) >= createdAtMs(last.comment);
    }
    return comment.state === 'published' && createdAtMs(comment) >= this.#readUntil - SLACK_MS;
  }

  #place(list: SiblingList, id: string, root: boolean): void {
    if (root && this.sort !== 'oldest') list.lead.unshift(id);
    else list.tail.push(id);
  }

  /** A branch that was hidden as a whole is shown as a whole. */
  #revealBelow(id: string): void {
    const replies = this.nodes.get(id)?.replies;
    if (!replies) return;
    replies.tail.push(...replies.pending);
    replies.pending = [];
    for (const child of replies.tail) this.#revealBelow(child);
  }

  /** Takes in a comment's state, and its first replies where none were read. */
  #upsert(comment: Comment): string {
    const known = this.nodes.get(comment.id);
    const node = known ?? { comment, replies: newList(comment.replyCount > 0) };
    node.comment = withoutReplies(comment);
    this.nodes.set(comment.id, node);
    const preview = comment.replies;
    const unread = node.replies.page.length === 0 && node.replies.after === null;
    // One that a frame brought first, for an edit, may have replies from before that no frame brings.
    const missed = preview?.items.some((it) => !this.nodes.has(it.id)) || (preview && preview.next !== null);
    if (preview && (!known || (unread && (node.replies.more || missed)))) {
      const ids = preview.items.map((reply) => this.#upsert(reply));
      addPage(node.replies, ids, preview.next);
    }
    return comment.id;
  }

  #remove(id: string): void {
    this.#orphans.delete(id);
    const node = this.nodes.get(id);
    if (!node) return;
    for (const child of all(node.replies)) this.#remove(child);
    const { parentId } = node.comment;
    const list = parentId === null ? this.roots : this.nodes.get(parentId)?.replies;
    if (list) dropFrom(list, [id]);
    this.nodes.delete(id);
  }
}

const createdAtMs = (comment: Comment): number => Date.parse(comment.createdAt);

function withoutReplies({ replies: _replies, ...comment }: Comment): Comment {
  return comment;
}
