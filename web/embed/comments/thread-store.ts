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
import { ThreadNodes, type ThreadNode } from './thread-nodes.js';
import { addPage, all, dropFrom, newList, type SiblingList } from './thread-list.js';

export type Sort = CommentOrder;

/** The times of two concurrent posts may differ by this much from their order in the log. */
const SLACK_MS = 5_000;
const MAX_ORPHANS = 200;

/**
 * One article's conversation as this page knows it: what was read, what frames changed since, and what is still
 * pending. It makes no request and draws nothing. Every change is absolute, so applying it twice does no harm.
 */
export class ThreadStore extends ThreadNodes {
  roots = newList();
  article: ThreadArticle | null = null;
  /** The signed-in reader's id: their comments appear at once instead of being pending. */
  me: string | null = null;
  sort: Sort = 'newest';
  /** The latest time that the server's clock is known to have reached when the list was read. */
  #readUntil = 0;
  /** Comments that are gone and keep their place while the reader is writing there. */
  readonly #gone = new Set<string>();
  /** Replies that a frame brought before their parent, because an edit had moved the parent behind them in the log. */
  readonly #orphans = new Map<string, Comment>();

  /** Starts over with a first page. */
  load(page: CommentsPage, sort: Sort): void {
    const kept = [...this.writingAt()].map((it) => this.pathTo(it));
    this.nodes.clear();
    this.#gone.clear();
    this.#orphans.clear();
    this.roots = newList();
    this.#readUntil = 0;
    this.sort = sort;
    this.article = page.article;
    this.append(page);
    for (const { comment } of this.nodes.values()) this.#readUntil = Math.max(this.#readUntil, createdAtMs(comment));
    for (const path of kept) for (const { comment } of path) this.#keep(comment);
  }

  /** Takes the comment off the page, or keeps its place while the reader is writing there. */
  remove(id: string): void {
    this.#orphans.delete(id);
    const node = this.nodes.get(id);
    if (!node) return;
    for (const child of all(node.replies)) this.remove(child);
    const { parentId } = node.comment;
    if ([...this.writingAt()].includes(id) || all(node.replies).length) {
      this.#gone.add(id);
      return this.change(node, { ...node.comment, state: 'deleted', body: null });
    }
    const list = parentId === null ? this.roots : this.nodes.get(parentId)?.replies;
    if (list) dropFrom(list, [id]);
    this.touch(parentId);
    this.nodes.delete(id);
    this.#gone.delete(id);
    if (parentId !== null && this.#gone.has(parentId)) this.remove(parentId);
  }

  /** Lets go of a comment at which the reader stopped writing. */
  release(id: string): void {
    if (this.#gone.has(id)) this.remove(id);
  }

  /** Adds the next page of roots. */
  append(page: Page<Comment>): void {
    addPage(
      this.roots,
      page.items.map((comment) => this.#upsert(comment)),
      page.next,
    );
    this.touch(null);
  }

  /** Adds a page of replies to a comment. */
  appendReplies(parentId: string, page: Page<Comment>): void {
    const parent = this.nodes.get(parentId);
    if (!parent) return;
    addPage(
      parent.replies,
      page.items.map((comment) => this.#upsert(comment)),
      page.next,
    );
    this.touch(parentId);
  }

  /** Adds a linked comment and its ancestors, ahead of the rest if they were not on the page yet. */
  addContext({ ancestors, comment }: CommentContext): void {
    let parent: ThreadNode | undefined;
    for (const link of [...ancestors, comment]) {
      const id = this.#upsert(link);
      const list = parent ? parent.replies : this.roots;
      if (list.pending.includes(id)) dropFrom(list, [id]);
      if (!all(list).includes(id)) (parent ? list.tail : list.lead).push(id);
      if (parent && list.after === null && this.unreadReplies(parent) === 0) list.more = false;
      parent = this.nodes.get(id);
      this.touch(id);
    }
  }

  /** Takes in a comment that this reader just wrote, or the present state of a comment from an answer. */
  put(comment: Comment): void {
    if (this.nodes.has(comment.id)) this.#upsert(comment);
    else if (this.#insert(comment, true)) this.#countOne(comment);
  }

  setReactions(id: string, reactions: Comment['reactions']): void {
    const node = this.nodes.get(id);
    if (node) this.change(node, { ...node.comment, reactions });
  }

  /** Applies the frame that is next in the log. */
  apply(frame: Pick<Frame, 'items' | 'commentCount'>): void {
    for (const item of frame.items) this.#applyItem(item);
    if (this.article) this.article = { ...this.article, commentCount: frame.commentCount };
  }

  /** Shows the pending comments of a parent (null: the top level) and returns their ids in the order shown. */
  reveal(parentId: string | null): string[] {
    const list = parentId === null ? this.roots : this.nodes.get(parentId)?.replies;
    if (!list) return [];
    const ids = list.pending;
    list.pending = [];
    for (const id of ids) this.#place(list, id, parentId === null);
    for (const id of ids) this.#revealBelow(id);
    this.touch(parentId);
    return parentId === null && this.sort !== 'oldest' ? ids.toReversed() : ids;
  }

  /** Shows a pending comment and its pending ancestors. @returns the ids of the comments above it */
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

  /** Returns the number of pending published comments of a parent. */
  pendingCount(parentId: string | null): number {
    const list = parentId === null ? this.roots : this.nodes.get(parentId)?.replies;
    return (list?.pending ?? []).filter((id) => this.nodes.get(id)?.comment.state === 'published').length;
  }

  /** Says whether a comment is deleted and so is everything below it, so that there is nothing to show. */
  isVoid(id: string): boolean {
    const node = this.nodes.get(id);
    if (node?.comment.state !== 'deleted' || node.replies.more || this.isWritingIn(id)) return false;
    return all(node.replies).every((it) => this.isVoid(it));
  }

  #applyItem(item: FrameItem): void {
    switch (item.kind) {
      case 'comment':
        if (this.nodes.has(item.comment.id)) this.#upsert(item.comment);
        else this.#insert(item.comment, false);
        break;
      case 'gone':
        this.remove(item.id);
        break;
      case 'reactions':
        for (const { id, reactions } of item.counts) this.setReactions(id, reactions);
        return;
      case 'author':
        for (const node of this.nodes.values()) {
          if (node.comment.author?.id === item.author.id) this.change(node, { ...node.comment, author: item.author });
        }
        this.touchAuthor(item.author.id);
        return;
      case 'article':
        if (this.article) this.article = { ...this.article, ...item.article };
        return;
      default:
        return; // A newer server may send an unknown kind; the next list shows its effect.
    }
    const parent = item.parent && this.nodes.get(item.parent.id);
    if (parent && item.parent) this.change(parent, { ...parent.comment, replyCount: item.parent.replyCount });
  }

  /** Adds a comment that is not on the page yet, if it is new. */
  #insert(comment: Comment, mine: boolean): boolean {
    const parent = comment.parentId === null ? null : this.nodes.get(comment.parentId);
    if (parent === undefined) return this.#keepOrphan(comment);
    const list = parent ? parent.replies : this.roots;
    const own = mine || (this.me !== null && comment.author?.id === this.me);
    if (!own && !this.#isNew(comment, list)) return false;
    // Replies to a new comment are newer and come by frames, so nothing is left to read below it.
    const node: ThreadNode = { comment: withoutReplies(comment), replies: newList(), revision: 0 };
    this.nodes.set(comment.id, node);
    if (own && comment.state === 'published') this.#place(list, comment.id, parent === null);
    else list.pending.push(comment.id);
    this.touch(comment.id);
    for (const orphan of [...this.#orphans.values()].filter((it) => it.parentId === comment.id)) {
      this.#orphans.delete(orphan.id);
      this.#insert(orphan, false);
    }
    return true;
  }

  /** Keeps only the latest orphans, because most have a parent on an unread page and come with it. */
  #keepOrphan(comment: Comment): boolean {
    this.#orphans.delete(comment.id);
    this.#orphans.set(comment.id, comment);
    if (this.#orphans.size > MAX_ORPHANS) this.#orphans.delete(this.#orphans.keys().next().value ?? '');
    return false;
  }

  /** Counts a comment that this reader just wrote until a frame brings the exact counts. */
  #countOne({ parentId }: Comment): void {
    if (this.article) this.article = { ...this.article, commentCount: this.article.commentCount + 1 };
    const parent = this.nodes.get(parentId ?? '');
    if (parent) this.change(parent, { ...parent.comment, replyCount: parent.comment.replyCount + 1 });
  }

  /** Says whether an unknown comment came after the list was read, rather than stands on an unread page. */
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

  /** Reveals the whole branch below a comment that was hidden. */
  #revealBelow(id: string): void {
    const replies = this.nodes.get(id)?.replies;
    if (!replies) return;
    replies.tail.push(...replies.pending);
    replies.pending = [];
    for (const child of replies.tail) this.#revealBelow(child);
    this.touch(id);
  }

  /** Stores a comment's state, and its first replies if none were read. */
  #upsert(comment: Comment): string {
    const known = this.nodes.get(comment.id);
    const state = withoutReplies(comment);
    const node = known ?? { comment: state, replies: newList(comment.replyCount > 0), revision: 0 };
    this.nodes.set(comment.id, node);
    if (known) this.change(node, state);
    else this.touch(comment.id);
    const preview = comment.replies;
    const unread = node.replies.page.length === 0 && node.replies.after === null;
    // A comment that a frame brought first, for an edit, may have older replies that no frame brings.
    const missed = preview?.items.some((it) => !this.nodes.has(it.id)) || (preview && preview.next !== null);
    if (preview && (!known || (unread && (node.replies.more || missed)))) {
      const ids = preview.items.map((reply) => this.#upsert(reply));
      addPage(node.replies, ids, preview.next);
      this.touch(comment.id);
    }
    return comment.id;
  }

  /** Puts a comment that the new list does not show where a linked one would stand. */
  #keep(comment: Comment): void {
    if (this.nodes.has(comment.id)) return;
    const parent = comment.parentId === null ? undefined : this.nodes.get(comment.parentId);
    this.nodes.set(comment.id, { comment, replies: newList(comment.replyCount > 0), revision: 0 });
    (parent ? parent.replies.tail : this.roots.lead).push(comment.id);
    this.touch(comment.id);
  }
}

const createdAtMs = (comment: Comment): number => Date.parse(comment.createdAt);

function withoutReplies({ replies: _replies, ...comment }: Comment): Comment {
  return comment;
}
