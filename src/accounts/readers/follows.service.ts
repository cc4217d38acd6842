import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { row, rows } from '../../database/rows.js';
import { DomainError } from '../../errors/domain-error.js';
import { Transactions } from '../../database/transaction.js';
import { EventBus } from '../../events/event-bus.js';
import { AccountsService } from '../profiles/accounts.service.js';
import type { Viewer } from '../sessions/viewer.js';

const MOST = 1_000;

/** With the change the follower's account is marked as changed, so every node finds it at its next poll. */
const changing = (statement: string): string => `with changed as (${statement} returning follower_id)
  update accounts set changed_at = clock_timestamp() where id in (select follower_id from changed)`;

@Injectable()
export class FollowsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: AccountsService,
    private readonly transactions: Transactions,
    private readonly events: EventBus,
  ) {}

  /** Idempotent. @throws DomainError reader.not_found, follow.self, follow.too_many */
  async follow(viewer: Viewer, accountId: string): Promise<void> {
    await this.accounts.exists(this.dataSource, accountId);
    if (accountId === viewer.accountId)
      throw new DomainError('follow.self', 'conflict', { detail: 'You cannot follow yourself.' });
    const { count } = (await row<{ count: number }>(
      this.dataSource,
      'select count(*)::int as count from follows where follower_id = $1',
      [viewer.accountId],
    ))!;
    if (count >= MOST)
      throw new DomainError('follow.too_many', 'conflict', {
        detail: `You follow ${MOST} readers, which is the most.`,
      });
    await this.change(
      viewer,
      'insert into follows (follower_id, followee_id) values ($1, $2) on conflict do nothing',
      accountId,
    );
  }

  /** Idempotent. @throws DomainError reader.not_found */
  async unfollow(viewer: Viewer, accountId: string): Promise<void> {
    await this.accounts.exists(this.dataSource, accountId);
    await this.change(viewer, 'delete from follows where follower_id = $1 and followee_id = $2', accountId);
  }

  private change(viewer: Viewer, statement: string, accountId: string): Promise<void> {
    return this.transactions.run(async (tx) => {
      await tx.query(changing(statement), [viewer.accountId, accountId]);
      this.events.publish(tx, 'follows', `account:${viewer.accountId}`);
    });
  }

  /** Whom an account follows: the authors whose hints its sockets hear. */
  async followedBy(accountId: string): Promise<string[]> {
    const found = await rows<{ id: string }>(
      this.dataSource,
      'select followee_id as id from follows where follower_id = $1 limit $2',
      [accountId, MOST],
    );
    return found.map((it) => it.id);
  }

  /** The same for many accounts at once. */
  async followedByEach(accountIds: string[]): Promise<Map<string, string[]>> {
    const found = await rows<{ id: string; authors: string[] }>(
      this.dataSource,
      `select follower_id as id, array_agg(followee_id::text) as authors from follows
       where follower_id = any($1::bigint[]) group by follower_id`,
      [accountIds],
    );
    return new Map(found.map(({ id, authors }) => [id, authors]));
  }
}
