import { Injectable } from '@nestjs/common';
import { isId } from '../../database/keyset.js';
import { row, rows, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { DomainError, notFound } from '../../errors/domain-error.js';
import { PendingReactionEntity } from '../model/comments.entity.js';
import { type CommentState, isVisibleTo } from '../model/visibility.js';

export const REACTION_KINDS = ['like'] as const;
type ReactionKind = (typeof REACTION_KINDS)[number];
type ReactionCounts = Record<string, number>;

/**
 * Adds and takes reactions. It locks neither article nor comment: it records the change, and ReactionCounter counts.
 */
@Injectable()
export class ReactionsService {
  constructor(private readonly transactions: Transactions) {}

  /**
   * Adds a reaction; a repeat changes nothing.
   * @returns the counts by kind
   * @throws DomainError comment.not_found, reaction.self
   */
  add(accountId: string, id: string, kind: ReactionKind): Promise<ReactionCounts> {
    return this.change(accountId, id, 'add', (tx, articleId) =>
      row(
        tx.sql`insert into reactions (comment_id, account_id, kind, article_id)
          values (${id}, ${accountId}, ${kind}, ${articleId}) on conflict do nothing returning 1`,
      ),
    );
  }

  /**
   * Takes a reaction back, also from a comment that is gone meanwhile or the reader's own; a repeat changes nothing.
   * @returns the counts by kind; none for a comment that is gone
   * @throws DomainError comment.not_found
   */
  take(accountId: string, id: string, kind: ReactionKind): Promise<ReactionCounts> {
    return this.change(accountId, id, 'take', (tx, articleId) =>
      row(
        tx.sql`delete from reactions where comment_id = ${id} and account_id = ${accountId} and kind = ${kind}
          and article_id = ${articleId} returning 1`,
      ),
    );
  }

  /**
   * @param how whether it adds a reaction, which only a visible comment of somebody else may get
   * @param write changes the reaction and returns a row when there was something to change
   */
  private change(
    accountId: string,
    id: string,
    how: 'add' | 'take',
    write: (tx: Tx, articleId: string) => Promise<unknown>,
  ): Promise<ReactionCounts> {
    return this.transactions.run(async (tx) => {
      const comment = await this.read(tx, id);
      const isVisible = comment !== undefined && isVisibleTo({ accountId }, comment);
      if (!comment || !(isVisible || how === 'take')) throw notFound('comment');
      if (how === 'add' && comment.authorId === accountId)
        throw new DomainError('reaction.self', 'conflict', { detail: 'You cannot react to your own comment.' });
      const { articleId } = comment;
      if (await write(tx, articleId))
        await tx.getRepository(PendingReactionEntity).insert({ articleId, commentId: id });
      if (!isVisible) return {};
      const counts = await rows<{ kind: string; n: number }>(
        tx.sql`select kind, count(*)::integer as n from reactions where comment_id = ${id} group by kind order by kind`,
      );
      return Object.fromEntries(counts.map((it) => [it.kind, it.n]));
    });
  }

  private async read(
    tx: Tx,
    id: string,
  ): Promise<{ articleId: string; authorId: string; state: CommentState } | undefined> {
    if (!isId(id)) return undefined;
    return row(tx.sql`select article_id as "articleId", author_id as "authorId", state from comments where id = ${id}`);
  }
}
