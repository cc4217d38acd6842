import { Injectable } from '@nestjs/common';
import { lockArticle } from '../../articles/conversation-log.js';
import { Clock } from '../../clock/clock.js';
import { isId } from '../../database/keyset.js';
import { row, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { DomainError, notFound } from '../../errors/domain-error.js';
import { EventBus } from '../../events/event-bus.js';
import { type Claim, Idempotency, type StoredAnswer } from '../../http/idempotency.js';
import type { Hold } from '../../screening/screening-verdict.js';
import { CommentEvents } from '../model/comment-events.js';
import { lockComments } from '../model/comment.rows.js';
import type { HeldComment } from '../model/held-comment.js';
import { HeldCommentEntity } from '../model/held-comments.entity.js';
import { heldJson } from '../model/held.sql.js';
import { type CommentState, isVisibleTo } from '../model/visibility.js';
import { insertComments } from './new-comments.js';

interface HeldText {
  article: { id: string };
  authorId: string;
  body: string;
  parentId?: string | undefined;
}

export const conversationClosed = (): DomainError =>
  new DomainError('article.closed', 'conflict', { detail: 'This conversation is closed. You can still read it.' });

export const parentGone = (): DomainError =>
  new DomainError('comment.parent_gone', 'conflict', {
    detail: 'The comment that you are answering is no longer there. Post it as a new comment.',
  });

/** Keeps the texts that a rule holds until a moderator decides or the author takes them back. */
@Injectable()
export class HeldComments {
  constructor(
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    private readonly events: EventBus,
    private readonly commentEvents: CommentEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * Keeps a text for a moderator.
   * @returns 202 and the author's view of it, the same bytes for each repeat of an Idempotency-Key
   * @throws DomainError article.closed, comment.not_found (the parent), comment.parent_gone, those of idempotency
   */
  keep(text: HeldText, { code, reason }: Hold, claim?: Claim): Promise<StoredAnswer> {
    return this.transactions.run((tx) =>
      this.idempotency.once(tx, claim, async () => {
        await this.requirePlace(tx, text);
        const { article, authorId, body, parentId } = text;
        const kept = await row<{ json: string }>(tx.sql`
          with made as (
            insert into held_comments (article_id, parent_id, author_id, body, rule, reason, created_at)
            values (${article.id}, ${parentId ?? null}::bigint, ${authorId}, ${body}, ${code}, ${reason},
              ${this.clock.now()}::timestamptz)
            returning *)
          select ${() => heldJson('made', 'art.key')}::text as json
          from made join articles art on art.id = made.article_id`);
        this.events.publish(tx, 'held', 'staff');
        return { status: 202, answer: kept!.json };
      }),
    );
  }

  /** Takes a text back that nobody has decided on. @throws DomainError comment.not_found, comment.decided */
  async withdraw(accountId: string, id: string): Promise<void> {
    if (!isId(id)) throw notFound('comment');
    await this.transactions.run(async (tx) => {
      const held = await tx.getRepository(HeldCommentEntity).findOne({
        where: { id, authorId: accountId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!held) throw notFound('comment');
      if (held.state === 'withdrawn') return;
      if (held.state !== 'held')
        throw new DomainError('comment.decided', 'conflict', {
          detail:
            held.state === 'approved'
              ? 'A moderator has published this comment meanwhile. You can delete it where it stands.'
              : 'A moderator has decided not to publish this comment. Nobody else sees it, and its text is erased after 30 days.',
        });
      await tx
        .getRepository(HeldCommentEntity)
        .update({ id }, { state: 'withdrawn', body: '', decidedAt: this.clock.now() });
      this.events.publish(tx, 'held', 'staff');
    });
  }

  /**
   * Locks a held text and, before it, its article, as every write of a comment does.
   * @throws DomainError comment.not_found
   */
  async lock(tx: Tx, id: string): Promise<HeldComment> {
    const place = isId(id)
      ? await row<{ articleId: string }>(tx.sql`select article_id as "articleId" from held_comments where id = ${id}`)
      : undefined;
    if (!place) throw notFound('comment');
    await lockArticle(tx, place.articleId);
    const held = await tx
      .getRepository(HeldCommentEntity)
      .findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
    return held!;
  }

  /**
   * Publishes a locked text as a comment of this moment, also in a conversation that was closed meanwhile.
   * @returns the comment's id
   * @throws DomainError held.author_banned, held.parent_gone
   */
  async publish(tx: Tx, { id, articleId, authorId, parentId, body }: HeldComment): Promise<string> {
    await this.requireAuthor(tx, authorId);
    const parent = parentId ? (await lockComments(tx, [parentId])).get(parentId) : undefined;
    if (parentId && !(parent && isVisibleTo({ accountId: authorId }, parent)))
      throw new DomainError('held.parent_gone', 'conflict', {
        detail: 'The comment that this one answers is no longer there, so it has no place. You can only reject it.',
      });
    const at = this.clock.now();
    const [commentId] = await insertComments(tx, articleId, [{ authorId, body, at, parent }]);
    await tx
      .getRepository(HeldCommentEntity)
      .update({ id }, { state: 'approved', body: '', decidedAt: at, commentId: commentId! });
    this.commentEvents.publish(tx, { articleId, authorId, parentAuthorId: parent?.authorId ?? null });
    this.events.publish(tx, 'held', 'staff');
    return commentId!;
  }

  /** Rejects a locked text. Its author reads so for some days, and the text is erased later. */
  async reject(tx: Tx, { id }: HeldComment): Promise<void> {
    await tx.getRepository(HeldCommentEntity).update({ id }, { state: 'rejected', decidedAt: this.clock.now() });
    this.events.publish(tx, 'held', 'staff');
  }

  /** Refuses the text of a banned author. A ban that runs at this moment waits, or is waited for. */
  private async requireAuthor(tx: Tx, authorId: string): Promise<void> {
    const author = await row<{ banned: boolean }>(
      tx.sql`select banned_at is not null as banned from accounts where id = ${authorId} for share`,
    );
    if (author?.banned !== false)
      throw new DomainError('held.author_banned', 'conflict', {
        detail: 'The author of this comment is banned. Reject the comment, or lift the ban first.',
      });
  }

  private async requirePlace(tx: Tx, { article, authorId, parentId }: HeldText): Promise<void> {
    const found = await row<{ closed: boolean }>(
      tx.sql`select state = 'closed' as closed from articles where id = ${article.id}`,
    );
    if (found?.closed) throw conversationClosed();
    if (parentId === undefined) return;
    const parent = await row<{ articleId: string; state: CommentState }>(
      tx.sql`select article_id as "articleId", state from comments where id = ${parentId}`,
    );
    if (parent?.articleId !== article.id) throw notFound('comment');
    if (!isVisibleTo({ accountId: authorId }, parent)) throw parentGone();
  }
}
