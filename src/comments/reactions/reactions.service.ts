import { Injectable } from '@nestjs/common';
import { isId } from '../../database/keyset.js';
import { row, rows, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { notFound } from '../../errors/domain-error.js';
import { type CommentState, isVisibleTo } from '../model/visibility.js';

export const REACTION_KINDS = ['like'] as const;
type ReactionKind = (typeof REACTION_KINDS)[number];

/** Adds and takes reactions. It locks neither article nor comment: it records the change, and ReactionCounter counts. */
@Injectable()
export class ReactionsService {
  constructor(private readonly transactions: Transactions) {}

  /** Adds a reaction; a repeat changes nothing. @returns the counts by kind @throws DomainError comment.not_found */
  add(accountId: string, id: string, kind: ReactionKind): Promise<Record<string, number>> {
    return this.change(
      accountId,
      id,
      kind,
      'insert into reactions (comment_id, account_id, kind, article_id) values ($1, $2, $3, $4) on conflict do nothing returning 1',
    );
  }

  /** Takes a reaction back; a repeat changes nothing. @returns the counts by kind @throws DomainError comment.not_found */
  take(accountId: string, id: string, kind: ReactionKind): Promise<Record<string, number>> {
    return this.change(
      accountId,
      id,
      kind,
      'delete from reactions where comment_id = $1 and account_id = $2 and kind = $3 and article_id = $4 returning 1',
    );
  }

  private change(accountId: string, id: string, kind: string, sql: string): Promise<Record<string, number>> {
    return this.transactions.run(async (tx) => {
      const articleId = await this.articleOf(tx, accountId, id);
      const changed = await row(tx, sql, [id, accountId, kind, articleId]);
      if (changed)
        await tx.query('insert into reaction_marks (article_id, comment_id) values ($1, $2)', [articleId, id]);
      const counts = await rows<{ kind: string; n: number }>(
        tx,
        'select kind, count(*)::integer as n from reactions where comment_id = $1 group by kind order by kind',
        [id],
      );
      return Object.fromEntries(counts.map((it) => [it.kind, it.n]));
    });
  }

  private async articleOf(tx: Tx, accountId: string, id: string): Promise<string> {
    const found = isId(id)
      ? await row<{ articleId: string; state: CommentState }>(
          tx,
          'select article_id as "articleId", state from comments where id = $1',
          [id],
        )
      : undefined;
    if (!found || !isVisibleTo({ accountId }, found)) throw notFound('comment');
    return found.articleId;
  }
}
