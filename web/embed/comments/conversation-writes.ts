import { api } from '../../shared/api.js';
import type { Comment, Reactions, Reason } from '../../shared/contract.js';
import type { Conversation } from './conversation.js';

/** Everything a reader does in a conversation. Each rejects with the problem; the view shows it where it happened. */
export class ConversationWrites {
  /** Comments whose like is on its way: one request at a time, so that the last answer is the last word. */
  readonly #liking = new Set<string>();

  constructor(
    private readonly talk: Conversation,
    private readonly changed: () => void,
  ) {}

  /** Posts a comment or reply. The same `key` on a retry makes no second one. */
  async post(body: string, parentId: string | null, key: string): Promise<Comment> {
    await this.talk.ensureExists();
    const comment = await api.post('/articles/{key}/comments', {
      path: { key: this.talk.key },
      body: { body, ...(parentId === null ? {} : { parentId }) },
      idempotencyKey: key,
    });
    this.talk.store.put(comment);
    this.changed();
    this.talk.catchUp();
    return comment;
  }

  async edit(id: string, body: string): Promise<void> {
    this.talk.store.put(await api.patch('/comments/{id}', { path: { id }, body: { body } }));
    this.changed();
    this.talk.catchUp();
  }

  async remove(id: string): Promise<void> {
    await api.delete('/comments/{id}', { path: { id } });
    this.talk.catchUp();
  }

  /** Likes or takes it back; shown at once, and put right by the answer. */
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
    this.changed();
    return on;
  }

  /** Reporting the same text again changes nothing. */
  async report(id: string, reason: Reason, note: string): Promise<void> {
    const body = { reason, ...(note.trim() ? { note: note.trim() } : {}) };
    await api.post('/comments/{id}/reports', { path: { id }, body });
  }
}
