import type { Comment, Page } from '../../shared/contract.js';
import { asProblem, type ApiProblem } from '../../shared/problem.js';
import type { Case } from './contract.js';
import { readCase, readReplies } from './moderation.api.js';
import { Observable } from '../../shared/observable.js';

const REPLIES = 10;

/** The case in view: kept as the queue tells it, read alone where it is in no queue. */
export class OpenCase extends Observable {
  commentId: string | null = null;
  item: Case | undefined;
  problem: ApiProblem | undefined;
  replies: Page<Comment> | undefined;
  /** The text before its author changed it while the case was open. */
  textBefore: string | undefined;
  /** All earlier comments are shown, not only the nearest. */
  unfolded = false;

  /** Shows a case; `known` is the queue's row of it. */
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
      // What is gone for good must not stay on the screen; a passing failure leaves the text in place.
      if (this.problem.status === 404) this.item = undefined;
      this.changed();
    }
  }

  /** Answers are context only: where they cannot be read, the case stands without them. */
  async #readReplies(id: string): Promise<void> {
    const replies = await readReplies(id, REPLIES).catch(() => undefined);
    if (!replies || id !== this.commentId) return;
    this.replies = replies;
    this.changed();
  }
}
