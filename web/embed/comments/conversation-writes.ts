import { api } from '../../shared/api.js';
import { asProblem } from '../../shared/problem.js';
import { serverNow } from '../../shared/server-clock.js';
import type { Comment, HeldComment, Reactions } from '../../shared/contract.js';
import type { Arrived } from './composer.js';
import type { Conversation } from './conversation.js';

/** The clock of this page may differ from the server's by this much. */
const SLACK_MS = 10_000;

/** A text that was sent and whose answer was lost. */
interface UnansweredText {
  key: string;
  parentId: string | null;
  shown: string;
  sentAt: number;
  arrived: Arrived;
}

/** Returns what a text shows, which is the same before and after the server's cleaning. */
const shownIn = (text: string): string => text.normalize('NFC').replace(/[^\p{L}\p{N}\p{P}\p{S}]/gu, '');

/**
 * Sends everything that a reader does in a conversation. Each method rejects with the problem, and the view shows it at
 * the comment.
 */
export class ConversationWrites {
  /** The comments whose like is being sent: with one request at a time, the last answer is the final state. */
  readonly #liking = new Set<string>();

  #unanswered: UnansweredText[] = [];

  constructor(
    private readonly talk: Conversation,
    private readonly changed: () => void,
  ) {}

  /**
   * Posts a comment or a reply, which may have to wait for a moderator. A retry under the same `key` makes no second one.
   * @param arrived is called when the answer was lost and the comment comes by the live updates
   */
  async post(body: string, parentId: string | null, key: string, arrived: Arrived): Promise<Comment | HeldComment> {
    await this.talk.ensureExists();
    const text = { key, parentId, shown: shownIn(body), sentAt: serverNow(), arrived };
    this.#unanswered = this.#unanswered.filter((it) => it.key !== key);
    try {
      const comment = await api.post('/articles/{key}/comments', {
        path: { key: this.talk.key },
        body: { body, ...(parentId === null ? {} : { parentId }) },
        idempotencyKey: key,
      });
      if ('reason' in comment) {
        void this.talk.readMine();
        return comment;
      }
      this.talk.store.put(comment);
      this.changed();
      void this.talk.catchUp();
      return comment;
    } catch (error) {
      const { offline, status } = asProblem(error);
      if (!offline && status < 500) throw error;
      const comment = this.#find(text);
      if (comment) return comment;
      this.#unanswered.push(text);
      throw error;
    }
  }

  /** Tells the writers of unanswered texts which of their comments are on the page. */
  settle(): void {
    if (this.#unanswered.length) this.#unanswered = this.#unanswered.filter((it) => !(this.#find(it) && it.arrived()));
  }

  #find({ parentId, shown, sentAt }: UnansweredText): Comment | undefined {
    const { me, nodes } = this.talk.store;
    for (const { comment } of nodes.values()) {
      if (comment.author?.id !== me || comment.parentId !== parentId || shownIn(comment.body ?? '') !== shown) continue;
      if (Date.parse(comment.createdAt) > sentAt - SLACK_MS) return comment;
    }
    return undefined;
  }

  async edit(id: string, body: string): Promise<void> {
    this.talk.store.put(await api.patch('/comments/{id}', { path: { id }, body: { body } }));
    this.changed();
    void this.talk.catchUp();
  }

  /** Resolves when the comment has left the page. */
  async remove(id: string): Promise<void> {
    await api.delete('/comments/{id}', { path: { id } });
    await this.talk.catchUp();
  }

  /** Likes the comment or removes the like. It is shown at once and corrected by the answer. */
  async like(id: string): Promise<void> {
    if (this.#liking.has(id)) return;
    this.#liking.add(id);
    const { liked, store } = this.talk;
    const before = store.nodes.get(id)?.comment.reactions ?? {};
    const on = !liked.has(id);
    const show = (isLiked: boolean, reactions: Reactions) => {
      if (isLiked) liked.add(id);
      else liked.delete(id);
      store.setReactions(id, reactions);
      this.changed();
    };
    show(on, { ...before, like: Math.max(0, (before.like ?? 0) + (on ? 1 : -1)) });
    try {
      const request = { path: { id, kind: 'like' } } as const;
      const { reactions } = await (on
        ? api.put('/comments/{id}/reactions/{kind}', request)
        : api.delete('/comments/{id}/reactions/{kind}', request));
      show(on, reactions);
    } catch (error) {
      show(!on, before);
      throw error;
    } finally {
      this.#liking.delete(id);
    }
  }

  /** @returns whether the reader is followed now */
  async follow(readerId: string): Promise<boolean> {
    const { following } = this.talk;
    const on = !following.has(readerId);
    const request = { path: { id: readerId } };
    await (on ? api.put('/readers/{id}/follow', request) : api.delete('/readers/{id}/follow', request));
    if (on) following.add(readerId);
    else following.delete(readerId);
    this.talk.store.touchAuthor(readerId);
    this.changed();
    return on;
  }

  /** Reporting the same text again changes nothing. */
  async report(id: string, reason: string, note: string): Promise<void> {
    const body = { reason, ...(note.trim() ? { note: note.trim() } : {}) };
    await api.post('/comments/{id}/reports', { path: { id }, body });
  }
}
