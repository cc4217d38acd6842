import { Injectable } from '@nestjs/common';
import { ArticlesService } from '../../articles/articles.service.js';
import { lockArticle } from '../../articles/conversation-log.js';
import { GroupCommit, type GroupCommitOutcome } from '../../articles/group-commit.js';
import { Clock } from '../../clock/clock.js';
import { isId } from '../../database/keyset.js';
import { isUnavailable } from '../../database/postgres-errors.js';
import type { Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { DomainError, notFound } from '../../errors/domain-error.js';
import { type Claim, Idempotency, type StoredAnswer } from '../../http/idempotency.js';
import { NearDuplicates } from '../../screening/near-duplicates.service.js';
import { refusedText } from '../../screening/screening-verdict.js';
import { CommentEvents } from '../model/comment-events.js';
import { commentViews, lockComments, type LockedComment } from '../model/comment.rows.js';
import { isVisibleTo } from '../model/visibility.js';
import { CommentScreening } from './comment-screening.js';
import { conversationClosed, HeldComments, parentGone } from './held-comments.service.js';
import { insertComments } from './new-comments.js';

interface NewPost {
  authorId: string;
  body: string;
  parentId?: string | undefined;
  claim?: Claim | undefined;
  /** Counts the post, unless it is a repeat. @throws DomainError rate.limited */
  count: () => Promise<void>;
}

interface Post extends Omit<NewPost, 'count'> {
  at: Date;
}

/** Writes new comments. Those that wait for the same article share one transaction. */
@Injectable()
export class PostingService {
  private readonly group = new GroupCommit<Post, StoredAnswer>(
    (articleId, posts, alone) => this.write(articleId, posts, alone),
    isUnavailable,
  );

  constructor(
    private readonly articles: ArticlesService,
    private readonly screening: CommentScreening,
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    private readonly similar: NearDuplicates,
    private readonly events: CommentEvents,
    private readonly held: HeldComments,
    private readonly clock: Clock,
  ) {}

  /**
   * Posts a comment or, with a parent, a reply, or keeps it for a moderator.
   * @returns the answer to send: 201 and the comment's JSON, or 202 and the author's view of what waits; the same bytes for
   *   each repeat of an Idempotency-Key
   * @throws DomainError article.not_found, article.page_missing, article.closed, comment.not_found (the parent), comment.parent_gone,
   *   rate.limited, comment.similar, the refusals of screening and of idempotency
   */
  async post(articleKey: string, { count, ...post }: NewPost): Promise<StoredAnswer> {
    const article = await this.articles.byKey(articleKey);
    const verdict = await this.screening.judge(post.body, post.authorId, article);
    if (verdict.verdict === 'refuse') throw refusedText(verdict);
    const { body } = verdict;
    if (post.parentId !== undefined && !isId(post.parentId)) throw notFound('comment');
    if (article.pageState === 'missing')
      throw new DomainError('article.page_missing', 'conflict', {
        detail: 'The newspaper has no page at this address, so nobody can comment on it.',
      });
    return this.idempotency.shared(post.claim, async () => {
      const earlier = post.claim && (await this.idempotency.find(post.claim));
      if (earlier) return earlier; // a repeat writes nothing, so it does not count against the limit
      await count();
      await this.similar.refuse({ accountId: post.authorId, article, body });
      if (verdict.verdict === 'hold') return this.held.keep({ ...post, article, body }, verdict, post.claim);
      return this.group.submit(article.id, { ...post, body, at: this.clock.now() });
    });
  }

  private async write(articleId: string, posts: Post[], alone: boolean): Promise<GroupCommitOutcome<StoredAnswer>[]> {
    const slots = await this.transactions.run(async (tx) => {
      const slots = posts.map((post): Slot => ({ post }));
      await this.claimKeys(tx, slots, alone);
      await this.findPlaces(tx, articleId, slots.filter(isOpen));
      const placed = slots.filter(isOpen);
      if (placed.length) {
        await this.insert(tx, articleId, placed);
        await this.storeAnswers(tx, placed);
        for (const { post, parent } of placed)
          this.events.publish(tx, { articleId, authorId: post.authorId, parentAuthorId: parent?.authorId ?? null });
      }
      return slots;
    });
    return slots.map((it) => it.outcome!);
  }

  /**
   * Claims the Idempotency-Keys. Only a post that is alone waits long for a key, because others wait behind a group.
   */
  private async claimKeys(tx: Tx, slots: Slot[], alone: boolean): Promise<void> {
    const claimed = slots.filter((it) => it.post.claim);
    if (!claimed.length) return;
    const found = await this.idempotency.claim(
      tx,
      claimed.map((it) => it.post.claim!),
      alone ? this.idempotency.patienceMs : 50,
    );
    claimed.forEach((slot, index) => {
      const earlier = found[index];
      if (earlier) slot.outcome = earlier instanceof DomainError ? { error: earlier } : { value: earlier };
    });
  }

  /** Takes the locks and refuses posts without a place. A refused post frees its key, because it wrote nothing. */
  private async findPlaces(tx: Tx, articleId: string, slots: Slot[]): Promise<void> {
    if (!slots.length) return;
    const article = await lockArticle(tx, articleId);
    const parentIds = slots.flatMap(({ post }) => post.parentId ?? []);
    const parents = parentIds.length ? await lockComments(tx, parentIds) : new Map<string, LockedComment>();
    for (const slot of slots) {
      const { parentId } = slot.post;
      slot.parent = parentId ? parents.get(parentId) : undefined;
      const refusal =
        article.state === 'closed'
          ? conversationClosed()
          : parentId && slot.parent?.articleId !== articleId
            ? notFound('comment')
            : slot.parent && !isVisibleTo({ accountId: slot.post.authorId }, slot.parent)
              ? parentGone()
              : undefined;
      if (refusal) slot.outcome = { error: refusal };
    }
    await this.idempotency.giveBack(
      tx,
      slots.flatMap((it) => (it.outcome && it.post.claim ? it.post.claim : [])),
    );
  }

  private async insert(tx: Tx, articleId: string, slots: Slot[]): Promise<void> {
    const ids = await insertComments(
      tx,
      articleId,
      slots.map(({ post: { authorId, body, at }, parent }) => ({ authorId, body, at, parent })),
    );
    slots.forEach((slot, index) => (slot.id = ids[index]!));
  }

  private async storeAnswers(tx: Tx, slots: Slot[]): Promise<void> {
    const views = await commentViews(
      tx,
      slots.map((it) => it.id!),
    );
    for (const slot of slots) slot.outcome = { value: { status: 201, answer: views.get(slot.id!)! } };
    const keyed = slots.flatMap(({ post: { claim }, id }) => (claim ? [{ claim, view: views.get(id!)! }] : []));
    await this.idempotency.answer(
      tx,
      keyed.map((it) => it.claim),
      keyed.map((it) => ({ status: 201, answer: it.view })),
    );
  }
}

/** A post within the transaction. It is open while it has no outcome, and written when it has an id. */
interface Slot {
  post: Post;
  outcome?: GroupCommitOutcome<StoredAnswer>;
  parent?: LockedComment | undefined;
  id?: string;
}

const isOpen = (slot: Slot): boolean => slot.outcome === undefined;
