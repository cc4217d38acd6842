import type { Comment, Page } from '../../shared/contract.js';
import { asProblem, type ApiProblem } from '../../shared/problem.js';
import type { Case } from './contract.js';
import { readCase, readReplies } from './moderation.api.js';
import { Observable } from '../../shared/observable.js';

const REPLIES = 10;

/** The open case. It comes from the queue, or is read by itself if it is not in the queue. */
export class OpenCase extends Observable {
  commentId: string | null = null;
  item: Case | undefined;
  problem: ApiProblem | undefined;
  replies: Page<Comment> | undefined;
  /** The text before its author changed it while the case was open. */
  textBefore: string | undefined;
  /** All earlier comments are shown, not only the nearest. */
  unfolded = false;

  /** Opens a case; `known` is its row in the queue. */
  open(commentId: string | null, known: Case | undefined): void {
    if (commentId === this.commentId) {
      if (known) this.take(known);
      return;
    }
    this.commentId = commentId;
    this.item = known;
    this.problem = undefined;
    this.replies = undefined;
    this.textBefore = undefined;
    this.unfolded = false;
    this.changed();
    if (!commentId) return;
    if (!known) void this.reload();
    void this.#readReplies(commentId);
  }

  unfold(): void {
    this.unfolded = true;
    this.changed();
  }

  /** Takes a newer reading of the open case. */
  take(item: Case): void {
    if (item.comment.id !== this.commentId) return;
    const shown = this.item?.comment;
    if (shown && shown.revision < item.comment.revision) this.textBefore = shown.body ?? undefined;
    this.item = item;
    this.problem = undefined;
    this.changed();
  }

  async reload(): Promise<void> {
    const id = this.commentId;
    if (!id) return;
    try {
      const item = await readCase(id);
      if (id === this.commentId) this.take(item);
    } catch (error) {
      if (id !== this.commentId) return;
      this.problem = asProblem(error);
      // A comment that no longer exists must not stay on the screen; after any other failure the text stays.
      if (this.problem.status === 404) this.item = undefined;
      this.changed();
    }
  }

  /** Reads the replies. They are context only, so the case is shown without them if that fails. */
  async #readReplies(id: string): Promise<void> {
    const replies = await readReplies(id, REPLIES).catch(() => undefined);
    if (!replies || id !== this.commentId) return;
    this.replies = replies;
    this.changed();
  }
}
